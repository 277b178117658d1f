import pytest

from content.captions import CaptionsError, Cue, read_captions


def test_captions_become_cues_with_plain_text() -> None:
    vtt = (
        "WEBVTT\n\nNOTE niet tonen\n\n"
        "1\n00:00.000 --> 00:02.500 align:start\n<v Ann>Hallo <i>daar</i>,\nR&amp;D\n\n"
        "01:00:00.040 --> 01:00:01.000\nTot later\n"
    )
    assert read_captions(vtt) == (Cue(0.0, 2.5, "Hallo daar, R&D"), Cue(3600.04, 3601.0, "Tot later"))


@pytest.mark.parametrize(
    "vtt",
    [
        "",
        "Hallo",
        "WEBVTT\n",
        "WEBVTT\n\nfoo --> bar\nHallo\n",
        "WEBVTT\n\n00:02.000 --> 00:01.000\nHallo\n",
        "WEBVTT\n\n00:61.000 --> 00:62.000\nHallo\n",
    ],
)
def test_what_is_no_webvtt_is_refused(vtt: str) -> None:
    with pytest.raises(CaptionsError):
        read_captions(vtt)
