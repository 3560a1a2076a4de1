package auth

import "testing"

func TestCommonPasswordsAreRefused(t *testing.T) {
	for _, password := range []string{
		"1234567890", "12345678901234", "1111111111", "password123", "P@ssw0rd123!", "Pakistan123", "pakistan1947", "PAKISTAN@1947",
		"cricket2024", "BabarAzam56", "shahidafridi10", "lahoreqalandars", "qwertyuiop", "qwertyuiop123", "asdfghjkl;1", "abcabcabcabc",
		"iloveyou786", "Muhammad786", "ali.hassan.1990", "admin@12345", "takhti2026!", "takhtiadmin", "2026-06-15-00", "school school",
	} {
		if !isCommon(password) {
			t.Errorf("%q is let through", password)
		}
	}
	for _, password := range []string{
		goodPassword, nextPassword, "chalk and slate 1947", "slate and chalk", "a mango for the king", "blackboard and chalk",
		"correct horse battery", "nine wells beyond the hill", "آم کا درخت نہر پر", ReadablePassword(), "kd72-mv9x-qpt3",
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
