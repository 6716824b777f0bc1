package org.psidgateway.transfer.rows;

/** Why a value is not an id. The right one is never guessed: a wrong id would cost quota. */
public enum Flaw {
  SCIENTIFIC(
      "a spreadsheet has rounded it (scientific notation): export the column as text from the"
          + " source"),
  DECIMALS("it has decimals: export the column as text from the source"),
  GROUPED("it has separators of thousands: export the column as text from the source"),
  BLANKS("blanks, perhaps invisible ones, stand before, in or after it: remove them"),
  APOSTROPHE("an apostrophe stands before it, as spreadsheets mark text: export it without"),
  FORMULA("it is a formula of a spreadsheet: export the value alone"),
  SIGN("it has a sign: ids have none"),
  LEADING_ZERO("it begins with a zero: ids are not padded"),
  TOO_LARGE("it is larger than any id: two values may have grown together"),
  NUMBER("it is a JSON number, which programs round: send ids as strings"),
  SURPLUS("the row has more cells than the first one: put values that hold separators in quotes"),
  MISSING("there is no value"),
  AMBIGUOUS("its member stands twice in the object"),
  NOT_JSON("the line is not well-formed JSON, or nested too deeply"),
  NOT_AN_ID("an id has 1 to 19 digits and nothing else");

  private final String detail;

  Flaw(String detail) {
    this.detail = detail;
  }

  /** What is wrong and what to do about it, for people; never contains the value. */
  public String detail() {
    return detail;
  }
}
