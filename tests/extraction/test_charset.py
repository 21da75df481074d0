"""Bytes to letters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newswatch.errors import ReadError
from newswatch.extraction.charset import decode

TEXT = "Müller grüßt Łukasz, Żółć und Öl – „schön“ für 5 €, größer, süßer, kühner"
LATIN = "Müller grüßt Öl – schön für 5 €"


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "nonsense"])
def test_utf8_is_utf8_whatever_is_declared(declared: str | None) -> None:
    assert decode(TEXT.encode(), declared) == TEXT


@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "windows-1252"])
def test_latin1_is_read_even_where_it_calls_itself_utf8(declared: str | None) -> None:
    assert decode(LATIN.encode("cp1252"), declared) == LATIN


def test_a_charset_named_in_the_page_counts() -> None:
    text = '<meta charset="iso-8859-2"><p>Żółć Łukasz ściana źródło</p>'
    assert decode(text.encode("iso-8859-2"), None) == text


def test_text_that_was_encoded_twice_is_turned_back() -> None:
    assert decode(TEXT.encode().decode("latin-1").encode(), "utf-8") == TEXT


def test_what_would_lose_letters_is_refused() -> None:
    with pytest.raises(ReadError) as error:
        decode("grün süß schön".encode() + b"\xff\x81\xfe\x8d" * 10, "utf-8")
    assert error.value.kind == "charset"


@given(st.binary(max_size=400), st.none() | st.text(max_size=12))
def test_any_bytes_give_text_or_our_own_error(body: bytes, declared: str | None) -> None:
    try:
        decode(body, declared)
    except ReadError as error:
        assert error.kind == "charset"
