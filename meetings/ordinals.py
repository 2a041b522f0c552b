"""The name of a JIC meeting from its number, in both languages (glossary §1.4)."""

# fmt: off
ENGLISH = (
    "First", "Second", "Third", "Fourth", "Fifth", "Sixth", "Seventh", "Eighth", "Ninth", "Tenth",
    "Eleventh", "Twelfth", "Thirteenth", "Fourteenth", "Fifteenth", "Sixteenth", "Seventeenth",
    "Eighteenth", "Nineteenth", "Twentieth",
)
# fmt: on
DIGITS = "零一二三四五六七八九"


def english_ordinal(number: int) -> str:
    """Return "Fourth", and "21st" above twenty."""
    if number <= len(ENGLISH):
        return ENGLISH[number - 1]
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


def chinese_numeral(number: int) -> str:
    """Return 四, 十, 十一, 二十一 for a number from 1 to 99, and digits above."""
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 1 else DIGITS[tens]) * bool(tens) + "十" * bool(tens) + (DIGITS[ones] if ones else "")


def meeting_name(number: int, suffix: str) -> str:
    """Return the name of JIC meeting `number` in the language of the column suffix."""
    if suffix == "zh":
        return f"联合执委会第{chinese_numeral(number)}次会议"
    return f"{english_ordinal(number)} JIC meeting"
