"""The contract of `Files`, kept alike by the fake and by the real stores."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest

from activities.ports import Files, Stored
from adapters.files.envelope import content_sha256
from adapters.files.filesystem import FilesystemFiles
from adapters.files.multipart import LARGE
from domain.canary import WriteOnce
from domain.errors import BytesChanged, NotFound, WrongKey
from tests.adapters.backends import S3, Backend, Disk, LinklessFiles, Memory
from tests.fakes.files import MemoryFiles

KEY = bytes(range(32))
OTHER_KEY = bytes(range(1, 33))
DRAFT = "draft/41b0/1"


LOCKS = {"s3": None, "s3 with object lock": timedelta(days=1)}


@pytest.fixture(params=["memory", "filesystem", "filesystem without links", *LOCKS])
def backend(request: pytest.FixtureRequest, tmp_path: Path) -> Backend:
    root = tmp_path / "objects"
    if request.param == "memory":
        return Memory()
    if request.param in LOCKS:
        return S3(request.getfixturevalue("store"), LOCKS[request.param])
    disk = FilesystemFiles if request.param == "filesystem" else LinklessFiles
    return Disk(disk(root), root)


@pytest.fixture
def locks(backend: Backend, request: pytest.FixtureRequest) -> bool:
    """Whether this store prevents changes."""
    return "object lock" in request.node.name


@pytest.fixture
def files(backend: Backend) -> Files:
    return backend.files


def test_what_was_put_is_read_back(files: Files) -> None:
    stored = files.put_once(DRAFT, b"content", KEY)
    assert files.get(DRAFT, KEY) == b"content"
    assert stored == Stored(
        key=DRAFT,
        sha256=hashlib.sha256(b"content").hexdigest(),
        stored_sha256=hashlib.sha256(files.stored_bytes(DRAFT)).hexdigest(),
        size=7,
    )


def test_the_stored_bytes_state_the_hash_and_hide_the_content(files: Files) -> None:
    stored = files.put_once(DRAFT, b"a canary in the content", KEY)
    assert content_sha256(files.stored_bytes(DRAFT)) == stored.sha256
    assert b"canary" not in files.stored_bytes(DRAFT)


@pytest.mark.parametrize("size", [0, 1, 5_000_000])
def test_content_of_any_size_is_kept(files: Files, size: int) -> None:
    content = bytes(byte & 255 for byte in range(size))
    assert files.put_once(DRAFT, content, KEY).size == size
    assert files.get(DRAFT, KEY) == content


@pytest.mark.parametrize("size", [0, 1, 5_000_000])
def test_the_stored_bytes_are_hashed_piece_by_piece(files: Files, size: int) -> None:
    stored = files.put_once(DRAFT, bytes(size), KEY)
    assert files.stored_hash(DRAFT) == stored.stored_sha256


def test_a_changed_byte_is_seen_in_the_hash_without_any_key(backend: Backend) -> None:
    stored = backend.files.seal(b"scan", KEY)
    backend.change_byte(stored.key)
    assert backend.files.stored_hash(stored.key) != stored.stored_sha256


@pytest.mark.parametrize("key", [DRAFT, "draft/41b0", f"sealed/{'0' * 64}"])
def test_what_is_not_there_has_no_hash_and_hides_nothing(files: Files, key: str) -> None:
    files.put_once("draft/41b0/2", b"another", KEY)
    with pytest.raises(NotFound):
        files.stored_hash(key)
    assert not files.hides(key, "0" * 64)


def test_what_lies_on_top_hides_nothing(files: Files) -> None:
    stored = files.seal(b"scan", KEY)
    assert not files.hides(stored.key, stored.stored_sha256)


def test_a_repeated_put_changes_nothing_and_answers_the_same(files: Files) -> None:
    first = files.put_once(DRAFT, b"content", KEY)
    before = files.stored_bytes(DRAFT)
    assert files.put_once(DRAFT, b"content", KEY) == first
    assert files.stored_bytes(DRAFT) == before


def test_the_first_content_of_a_key_stays_and_is_told_to_the_second_writer(files: Files) -> None:
    first = files.put_once(DRAFT, b"first", KEY)
    before = files.stored_bytes(DRAFT)
    assert files.put_once(DRAFT, b"second one", KEY) == first
    assert files.stored_bytes(DRAFT) == before
    assert files.get(DRAFT, KEY) == b"first"


def test_a_second_writer_with_another_data_key_is_refused(files: Files) -> None:
    files.put_once(DRAFT, b"first", KEY)
    before = files.stored_bytes(DRAFT)
    for content in (b"first", b"second"):
        with pytest.raises(WrongKey, match=DRAFT):
            files.put_once(DRAFT, content, OTHER_KEY)
    assert files.stored_bytes(DRAFT) == before


def test_of_many_writers_at_once_one_wins_and_all_are_told_the_same(files: Files) -> None:
    contents = [f"content of writer {number}".encode() * 1000 for number in range(8)]
    for attempt in range(10):
        key, start = f"draft/41b0/{attempt}", Barrier(len(contents))

        def put(content: bytes, key: str = key, start: Barrier = start) -> Stored:
            start.wait()
            return files.put_once(key, content, KEY)

        with ThreadPoolExecutor(len(contents)) as pool:
            answers = list(pool.map(put, contents))
        winner = files.get(key, KEY)
        assert winner in contents
        assert {answer.sha256 for answer in answers} == {hashlib.sha256(winner).hexdigest()}


def test_a_sealed_object_is_kept_under_the_hash_of_its_stored_bytes(files: Files) -> None:
    sealed = files.seal(b"scan", KEY)
    stored = files.stored_bytes(sealed.key)
    assert sealed.key == f"sealed/{sealed.stored_sha256}"
    assert sealed.stored_sha256 == hashlib.sha256(stored).hexdigest()
    assert files.get(sealed.key, KEY) == b"scan"


def test_sealing_again_answers_the_same_object(files: Files) -> None:
    assert files.seal(b"scan", KEY) == files.seal(b"scan", KEY)
    assert len(files.keys()) == 1


@pytest.mark.parametrize("days", [1, 4000, 30_000])
def test_sealing_until_a_day_answers_the_same_object(files: Files, days: int) -> None:
    until = datetime.now(UTC) + timedelta(days=days)
    sealed = files.seal(b"scan", KEY, until)
    assert files.seal(b"scan", KEY, until) == sealed == files.seal(b"scan", KEY)
    assert files.get(sealed.key, KEY) == b"scan"


def test_the_same_content_under_two_data_keys_is_two_objects(files: Files) -> None:
    one, other = files.seal(b"scan", KEY), files.seal(b"scan", OTHER_KEY)
    assert one.sha256 == other.sha256
    assert one.key != other.key
    with pytest.raises(WrongKey, match=one.key):
        files.get(one.key, OTHER_KEY)


def test_an_object_tells_when_it_was_put_and_a_repeat_does_not_change_that(files: Files) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)  # file systems round
    files.put_once(DRAFT, b"first", KEY)
    stored_at = files.stored_at(DRAFT)
    assert before <= stored_at <= datetime.now(UTC) + timedelta(seconds=2)
    files.put_once(DRAFT, b"second", KEY)
    assert files.stored_at(DRAFT) == stored_at
    with pytest.raises(NotFound):
        files.stored_at("draft/none/1")


def test_nothing_is_read_from_a_key_that_nobody_put(files: Files) -> None:
    files.put_once(DRAFT, b"content", KEY)
    for key in ("draft/41b0/2", "draft/41b0", f"{DRAFT}/1", f"sealed/{'0' * 64}"):
        with pytest.raises(NotFound, match=key):
            files.get(key, KEY)
        with pytest.raises(NotFound, match=key):
            files.stored_bytes(key)


def test_another_data_key_does_not_open_an_object(files: Files) -> None:
    files.put_once(DRAFT, b"content", KEY)
    with pytest.raises(WrongKey, match=DRAFT):
        files.get(DRAFT, OTHER_KEY)


def test_a_changed_byte_is_found_by_who_reads_and_by_who_writes_again(backend: Backend) -> None:
    backend.files.put_once(DRAFT, b"content", KEY)
    backend.change_byte(DRAFT)
    with pytest.raises(BytesChanged, match=DRAFT):
        backend.files.get(DRAFT, KEY)
    with pytest.raises(BytesChanged, match=DRAFT):
        backend.files.put_once(DRAFT, b"content", KEY)


def test_a_changed_byte_of_a_sealed_object_is_found_whatever_the_data_key(
    backend: Backend,
) -> None:
    key = backend.files.seal(b"scan", KEY).key
    backend.change_byte(key)
    for data_key in (KEY, OTHER_KEY):
        with pytest.raises(BytesChanged, match=key):
            backend.files.get(key, data_key)
    with pytest.raises(BytesChanged, match=key):
        backend.files.seal(b"scan", KEY)


def test_keys_are_listed_by_prefix_in_order(files: Files) -> None:
    sealed = files.seal(b"scan", KEY).key
    for key in ("incoming/41b0/ff", "draft/41b0/2", DRAFT, "draft/41bb/1"):
        files.put_once(key, b"content", KEY)
    drafts = [DRAFT, "draft/41b0/2", "draft/41bb/1"]
    assert files.keys() == [*drafts, "incoming/41b0/ff", sealed]
    assert files.keys("draft/") == drafts
    assert files.keys("draft/41b") == drafts
    assert files.keys("draft/41b0/") == drafts[:2]
    assert files.keys("sealed/") == files.keys(sealed[:12]) == files.keys("seal") == [sealed]
    assert files.keys("nothing/") == files.keys("../") == files.keys("/") == []


@pytest.mark.parametrize(
    "key",
    [
        *("", "/", "/etc/key", "..", "../key", "draft/../../key", "draft//1", "draft/", "./key"),
        *(".tmp/key", "draft/.key", "Draft/1", "черновик/1", "draft/a b", "draft/1\n", "a\\b"),
        *("draft/\0", "d" * 201, "sealed/1", "sealed/" + "A" * 64, f"sealed/{'0' * 64}/1"),
    ],
)
def test_a_key_outside_the_alphabet_is_refused(files: Files, key: str) -> None:
    with pytest.raises(ValueError, match="not a storage key"):
        files.put_once(key, b"content", KEY)
    with pytest.raises(ValueError, match="not a storage key"):
        files.stored_bytes(key)
    assert files.keys() == []


def test_a_store_that_is_there_is_ready_and_keeps_nothing_of_the_question(files: Files) -> None:
    files.check_ready()
    assert files.keys() == []


def test_a_canary_tells_what_the_store_does_about_changes(backend: Backend, locks: bool) -> None:
    before = datetime.now(UTC)
    for _ in range(2):
        found = backend.files.canary()
        assert found.write_once is (WriteOnce.PREVENTED if locks else WriteOnce.DETECTED)
        assert "нельзя" in found.text if locks else "обнаруживаются" in found.text
        assert before <= found.checked_at <= datetime.now(UTC)


def test_canaries_at_once_do_not_meet_and_leave_no_key(backend: Backend, locks: bool) -> None:
    sealed = backend.files.seal(b"scan", KEY).key
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: backend.files.canary(), range(8)))
    expected = WriteOnce.PREVENTED if locks else WriteOnce.DETECTED
    assert {one.write_once for one in found} == {expected}
    assert backend.files.keys() == [sealed]
    assert backend.files.get(sealed, KEY) == b"scan"


def test_only_sealing_writes_among_the_sealed(files: Files) -> None:
    with pytest.raises(ValueError, match="only seal"):
        files.put_once(f"sealed/{'0' * 64}", b"content", KEY)
    assert files.keys() == []


def test_a_store_that_damages_what_it_keeps_is_found_at_once() -> None:
    class DamagingFiles(MemoryFiles):
        def _keep(self, key: str, stored: bytes) -> bool:
            return super()._keep(key, stored[:-1] + bytes([stored[-1] ^ 1]))

    files: Files = DamagingFiles()
    with pytest.raises(BytesChanged, match="read back"):
        files.put_once(DRAFT, b"content", KEY)
    with pytest.raises(BytesChanged, match="read back"):
        files.seal(b"scan", KEY)


# What nobody names


def test_a_seal_tells_its_key_before_it_is_made(files: Files) -> None:
    key = files.seal_key(b"scan", KEY)
    assert files.keys() == []
    assert files.seal(b"scan", KEY).key == key


def test_what_nobody_names_is_removed_for_good_and_can_be_put_anew(files: Files) -> None:
    for key in (DRAFT, "incoming/41b0/ff"):
        files.put_once(key, b"first", KEY)
        assert files.remove_forsaken(key)
        assert files.remove_forsaken(key), "nothing is there any more"
        assert key not in set(files.keys())
        with pytest.raises(NotFound):
            files.stored_bytes(key)
        assert files.put_once(key, b"second", KEY).size == 6
        assert files.get(key, KEY) == b"second"


def test_a_forsaken_seal_is_removed_only_where_the_store_permits(
    files: Files, *, locks: bool
) -> None:
    sealed = files.seal(b"scan", KEY)
    assert files.remove_forsaken(sealed.key) is not locks
    assert files.keys() == ([sealed.key] if locks else [])
    assert files.seal(b"scan", KEY) == sealed
    assert files.get(sealed.key, KEY) == b"scan"


def test_removing_one_object_leaves_its_neighbours(files: Files) -> None:
    for key in ("draft/41b0/1", "draft/41b0/11"):
        files.put_once(key, b"content", KEY)
    files.remove_forsaken("draft/41b0/1")
    assert files.keys() == ["draft/41b0/11"]


def test_only_storage_keys_are_removed(files: Files) -> None:
    for key in ("", "../draft", ".canary/x", "sealed/short"):
        with pytest.raises(ValueError, match="not a storage key"):
            files.remove_forsaken(key)


@pytest.mark.parametrize("more", [0, 1])
def test_a_large_object_is_kept_whole_and_its_first_writer_wins(files: Files, more: int) -> None:
    content = b"x" * (LARGE - 69 + more)  # the envelope adds 69 bytes
    first = files.put_once(DRAFT, content, KEY)
    assert len(files.stored_bytes(DRAFT)) == LARGE + more
    assert files.put_once(DRAFT, b"y" * LARGE, KEY) == first
    assert files.put_once(DRAFT, content, KEY) == first
    assert files.get(DRAFT, KEY) == content
    assert files.sweep_strays() == 0
    sealed = files.seal(content, KEY)
    assert files.seal(content, KEY) == sealed
    assert files.get(sealed.key, KEY) == content


def test_of_writers_of_large_objects_at_once_one_wins(files: Files) -> None:
    start = Barrier(3)

    def put(sign: bytes) -> Stored:
        start.wait()
        return files.put_once(DRAFT, sign * LARGE, KEY)

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(put, (b"a", b"b", b"c")))
    winner = hashlib.sha256(files.get(DRAFT, KEY)).hexdigest()
    assert {one.sha256 for one in answers} == {winner}
