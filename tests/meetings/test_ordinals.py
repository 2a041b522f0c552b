import pytest

from meetings.ordinals import meeting_name


@pytest.mark.parametrize(
    ("number", "english", "chinese"),
    [
        (1, "First JIC meeting", "联合执委会第一次会议"),
        (4, "Fourth JIC meeting", "联合执委会第四次会议"),
        (10, "Tenth JIC meeting", "联合执委会第十次会议"),
        (11, "Eleventh JIC meeting", "联合执委会第十一次会议"),
        (20, "Twentieth JIC meeting", "联合执委会第二十次会议"),
        (21, "21st JIC meeting", "联合执委会第二十一次会议"),
        (112, "112th JIC meeting", "联合执委会第112次会议"),
    ],
)
def test_name_of_a_meeting_in_both_languages(number, english, chinese):
    assert (meeting_name(number, "en"), meeting_name(number, "zh")) == (english, chinese)
