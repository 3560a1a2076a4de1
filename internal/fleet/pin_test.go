package fleet

import "testing"

func TestPINsAreSixDigitsThatAreNotTheFirstGuess(t *testing.T) {
	for text, want := range map[string]string{
		"482915": "482915", " 482 915 ": "482915", "482-915": "482915", "۴۸۲۹۱۵": "482915", "٤٨٢٩١٥": "482915", "012359": "012359",
		"12345": "pin.digits", "1234567": "pin.digits", "48291a": "pin.digits", "": "pin.digits",
		"000000": "pin.weak", "121212": "pin.weak", "907907": "pin.weak", "123456": "pin.weak", "987654": "pin.weak", "۱۲۳۴۵۶": "pin.weak",
		"733025": "pin.weak", "330250": "pin.weak", // of the EMIS code
		"123457": "123457", "111112": "111112",
	} {
		got, err := ParsePIN(text, "37330250")
		if e, ok := err.(*Error); ok {
			got = e.Code
		}
		if got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}
