"""A filtered table, shown as a page and downloaded, from one list of columns; and strict spreadsheet import."""
