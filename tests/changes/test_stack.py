from rootline.changes.stack import named_files


def test_files_of_several_languages_are_found_in_traces() -> None:
    texts = (
        'File "/srv/app/views.py", line 3, in show',
        "at com.example.Cart.total(Cart.java:88)",
        "main.charge(services/pay/charge.go:42 +0x1f)",
        "from /usr/lib/ruby/app/models/user.rb:10:in `name'",
    )

    assert named_files(texts) == {
        "srv/app/views.py",
        "cart.java",
        "services/pay/charge.go",
        "usr/lib/ruby/app/models/user.rb",
    }


def test_versions_and_hosts_are_no_files() -> None:
    assert named_files(("go1.24.1 at db.internal:5432",)) == frozenset()


def test_a_hostile_text_is_read_in_time() -> None:
    assert named_files(("a" * 1_000_000,) * 200) == frozenset()
