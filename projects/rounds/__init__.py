"""Update rounds: contacts of projects, the form behind a signed link, answers and what becomes of them."""
