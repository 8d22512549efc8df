"""Photos become one PDF: upright, in order, without what they tell besides."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from PIL import Image, ImageOps, PngImagePlugin

from adapters.scans.checks import ScanChecks
from tests.adapters.scan_files import (
    CODE,
    a_jpeg,
    a_page,
    a_png,
    a_scan,
    drawn,
    page_sides,
)

N = pikepdf.Name


def colour(picture: Image.Image, place: tuple[int, int]) -> tuple[int, ...]:
    found = picture.convert("RGB").getpixel(place)
    assert isinstance(found, tuple)
    return found


def test_several_photos_become_one_pdf_in_their_order(scans: ScanChecks) -> None:
    red, blue = Image.new("RGB", (400, 300), "red"), Image.new("RGB", (300, 400), "blue")

    taken = scans.check([a_jpeg(red), a_png(blue), a_scan()], CODE)

    assert taken.check.pages == 3
    red_one, blue_one = (colour(drawn(taken.content, number), (20, 20)) for number in (0, 1))
    assert red_one[0] > max(red_one[1:])
    assert blue_one[2] > max(blue_one[:2])
    assert page_sides(taken.content)[:2] == [(842, 632), (632, 842)]
    assert taken.check.unread == (1, 2), "the third page is whole"


def test_the_same_photos_give_the_same_bytes_and_others_give_others(scans: ScanChecks) -> None:
    photos = [a_jpeg(), a_png(a_page(None))]

    first = scans.check(photos).content
    scans.close()  # another process

    assert scans.check(photos).content == first
    assert scans.check(photos[::-1]).content != first


@pytest.mark.parametrize("make", [a_jpeg, a_png])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_stands_upright_as_the_camera_noted(
    scans: ScanChecks, make: Callable[..., bytes], orientation: int
) -> None:
    stored = Image.new("RGB", (160, 80), "white")
    stored.paste("red", (0, 0, 80, 40))
    stored.paste("blue", (80, 40, 160, 80))
    exif = Image.Exif()
    exif[0x0112] = orientation
    file = make(stored, exif=exif)

    shown = drawn(scans.check([file]).content)

    expected = ImageOps.exif_transpose(Image.open(io.BytesIO(file))).resize(shown.size)
    for x, y in ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)):
        place = (int(x * shown.width), int(y * shown.height))
        pairs = zip(colour(shown, place), colour(expected, place), strict=True)
        assert all(abs(found - wanted) < 40 for found, wanted in pairs), place


def test_where_and_with_what_a_photo_was_taken_is_dropped(scans: ScanChecks) -> None:
    exif = Image.Exif()
    exif[0x010F] = "CanaryPhone"
    exif.get_ifd(0x8825)[29] = "2026:09:02"  # GPSDateStamp
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", "CanaryAuthor")
    photos = [
        a_jpeg(exif=exif, comment=b"CanaryComment", icc_profile=b"CanaryProfile"),
        a_png(exif=exif, pnginfo=notes),
        a_jpeg() + a_jpeg(exif=exif),
    ]
    assert all(b"CanaryPhone" in one for one in photos)

    content = scans.check(photos).content

    streams = b"".join(
        one.read_raw_bytes()
        for one in pikepdf.open(io.BytesIO(content)).objects
        if isinstance(one, pikepdf.Stream)
    )
    for trace in (b"Canary", b"2026:09:02", b"Exif"):
        assert trace not in content + streams


def test_the_pixels_of_a_jpeg_are_not_compressed_anew(scans: ScanChecks) -> None:
    photo = a_jpeg(Image.effect_noise((300, 200), 80).convert("RGB"))

    with pikepdf.open(io.BytesIO(scans.check([photo]).content)) as pdf:
        stored = pdf.pages[0].Resources.XObject.Im
        assert stored.Filter == N.DCTDecode
        inside = Image.open(io.BytesIO(stored.read_raw_bytes()))
    assert inside.tobytes() == Image.open(io.BytesIO(photo)).tobytes()


@pytest.mark.parametrize(
    "photo",
    [
        pytest.param(a_png(Image.new("1", (50, 50), 1)), id="black and white"),
        pytest.param(a_png(Image.new("P", (50, 50), 3)), id="palette"),
        pytest.param(a_png(Image.new("RGBA", (50, 50), (255, 0, 0, 0))), id="see-through"),
        pytest.param(a_png(Image.new("LA", (50, 50), (0, 0))), id="grey see-through"),
        pytest.param(a_png(Image.new("I;16", (50, 50), 0xFFFF)), id="16 bits"),
        pytest.param(a_jpeg(Image.new("CMYK", (50, 50))), id="CMYK"),
        pytest.param(a_jpeg(Image.new("L", (50, 50), 255), progressive=True), id="progressive"),
    ],
)
def test_every_kind_of_pixel_is_shown_as_it_looks(scans: ScanChecks, photo: bytes) -> None:
    shown = colour(drawn(scans.check([photo]).content), (30, 30))

    palette = Image.open(io.BytesIO(photo)).mode == "P"
    assert max(shown) - min(shown) < 8
    assert palette or min(shown) > 245


def test_what_phones_put_behind_a_photo_is_left_out(scans: ScanChecks) -> None:
    photo = a_jpeg()
    film = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40

    taken = scans.check([photo + film], CODE)

    assert taken.content == scans.check([photo], CODE).content
    assert b"ftypmp42" not in taken.content
