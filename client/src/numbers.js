// Reads a number as people type it, with Western, Arabic or Persian digits.
const LARGEST_WHOLE = 2147483647;

/** An empty text is a valid "no number"; anything else must be one. */
export function readNumber(text, type) {
  const plain = westernDigits(text).replace(/[\s\u00a0\u202f\u066c]/g, "");
  if (plain === "") return { valid: true, value: null };
  return type === "int" ? wholeNumber(plain) : decimalNumber(plain);
}

function westernDigits(text) {
  return text
    .replace(/[٠-٩]/g, (digit) => String(digit.charCodeAt(0) - 0x660))
    .replace(/[۰-۹]/g, (digit) => String(digit.charCodeAt(0) - 0x6f0));
}

function wholeNumber(plain) {
  const value = Number(plain);
  const valid = /^[+-]?\d+$/.test(plain) && Math.abs(value) <= LARGEST_WHOLE;
  return { valid, value: valid ? value : null };
}

function decimalNumber(plain) {
  // "1,000" may mean one or a thousand: better asked again than guessed.
  const ambiguous = /,\d{3}$/.test(plain);
  const value = Number(plain.replace(/[,٫]/, "."));
  const valid = !ambiguous && /^[+-]?(\d+([.,٫]\d*)?|[.,٫]\d+)$/.test(plain);
  return { valid, value: valid ? value : null };
}
