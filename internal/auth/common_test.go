package auth

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"
)

// openwall is where Debian's package john-data puts the list of common passwords of
// the Openwall Project.
const openwall = "/usr/share/john/password.lst"

// What others have found to be the commonest passwords is refused, and so is what
// people make of those that are too short.
func TestThePasswordsOfAPublicListAreRefused(t *testing.T) {
	list, err := os.ReadFile(openwall)
	if err != nil {
		t.Skipf("there is no list of common passwords to hold the rule against: install Debian's package john-data (%v)", err)
	}
	n := 0
	for line := range strings.Lines(string(list)) {
		password := strings.TrimSpace(line)
		if password == "" || strings.HasPrefix(line, "#!") {
			continue
		}
		n++
		for _, longer := range []string{password, password + "123456789", "2026!" + password + "!!!!!"} {
			if utf8.RuneCountInString(longer) >= minPassword && !isCommon(longer) {
				t.Errorf("%q is let through", longer)
			}
		}
	}
	if n < 3000 {
		t.Errorf("the list has %d passwords", n)
	}
}

func TestCommonPasswordsAreRefused(t *testing.T) {
	for _, password := range []string{
		"1234567890", "12345678901234", "1111111111", "password123", "P@ssw0rd123!", "Pakistan123", "pakistan1947", "PAKISTAN@1947",
		"cricket2024", "BabarAzam56", "shahidafridi10", "lahoreqalandars", "qwertyuiop", "qwertyuiop123", "asdfghjkl;1", "abcabcabcabc",
		"iloveyou786", "Muhammad786", "ali.hassan.1990", "admin@12345", "takhti2026!", "takhtiadmin", "2026-06-15-00", "school school",
		"Tinkerbell99", "sweetheart", "M4nch3st3r!!", "september-2019", "basketball1", "a123456789", "go1234567890",
	} {
		if !isCommon(password) {
			t.Errorf("%q is let through", password)
		}
	}
	for _, password := range []string{
		goodPassword, nextPassword, "chalk and slate 1947", "slate and chalk", "a mango for the king", "blackboard and chalk",
		"correct horse battery", "nine wells beyond the hill", "آم کا درخت نہر پر", ReadablePassword(), "kd72-mv9x-qpt3", "tinkerbell sweetheart",
	} {
		if isCommon(password) {
			t.Errorf("%q is refused", password)
		}
	}
}

func TestACommonPasswordIsNotSet(t *testing.T) {
	w := newWorld(t)
	_, err := w.HashPassword(t.Context(), "Pakistan1947")
	wantCode(t, err, "auth.password_common")
}
