"""What tools that deliver to a cluster keep there of their deliveries: Argo CD, Flux and Helm."""
