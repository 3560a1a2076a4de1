package fleet_test

import (
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/fleet"
)

func TestNumbersOfPeopleAreWarnedOf(t *testing.T) {
	for text, want := range map[string]string{
		"the father's card is 35202-1234567-1":       "CNIC",
		"3520212345671":                              "CNIC",
		"شناختی کارڈ ۳۵۲۰۲-۱۲۳۴۵۶۷-۱":                "CNIC",
		"35202 1234567 1 brought it":                 "CNIC",
		"call 0300-1234567":                          "telephone",
		"call 0300 1234567 or 2":                     "telephone",
		"room 5, 03001234567":                        "telephone",
		"room 5 0300 123 4567":                       "telephone",
		"+92 300 1234567":                            "telephone",
		"+923001234567":                              "telephone",
		"0092-300-1234567":                           "telephone",
		"923001234567":                               "telephone",
		"(042) 35761999":                             "telephone",
		"۰۳۰۰۱۲۳۴۵۶۷":                                "telephone",
		"cracked, fell from the desk":                "",
		"FIR 123/26, 30/06/2026":                     "",
		"5CD3160ABC and 5CD3160ABD":                  "",
		"EMIS 35200001, 40 devices, 12 broken":       "",
		"26 June 2026, 10 a.m.; 12 of 40; carton 77": "",
		"8520212345671":                              "", // no province
		"12345678901234":                             "", // longer than a card's
		"line 1: 0300; later, in another word 12345": "",
	} {
		err := fleet.CheckImpersonal("note", "the note", text)
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v", text, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: got %v, want a word on its %s", text, err, want)
		case err != nil && strings.Contains(err.Error(), "1234567"):
			t.Errorf("the warning repeats the number: %v", err)
		}
	}
}
