"""The watch: golden signals evaluated on a schedule, and the incidents that they open."""
