package auth

import (
	"fmt"
	"strings"
	"testing"
)

func TestSettingsOfAProviderAreChecked(t *testing.T) {
	good := OpenID{ClientID: "c", Secret: "hush", Domains: []string{"school.edu.pk"}, Callback: "https://takhti.example.pk/sign-in/google/callback"}
	for want, change := range map[string]func(*OpenID){
		"":                             func(*OpenID) {},
		"a client ID and the client's": func(o *OpenID) { o.Secret = "" },
		"needs a client ID":            func(o *OpenID) { o.ClientID = "" },
		"of which domains":             func(o *OpenID) { o.Domains = nil },
		"domain is empty":              func(o *OpenID) { o.Domains = []string{"a.pk", ""} },
		`"http://id.example" is not`:   func(o *OpenID) { o.Issuer = "http://id.example" },
		`"id.example" is not`:          func(o *OpenID) { o.Issuer = "id.example" },
		"public URL":                   func(o *OpenID) { o.Callback = "/sign-in/google/callback" },
		"which begins with https":      func(o *OpenID) { o.Callback = "http://takhti.example.pk/" },
	} {
		o := good
		change(&o)
		err := o.Check()
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	another := OpenID{ClientID: "c", Secret: "hush", Issuer: "https://id.example", Callback: good.Callback}
	if err := another.Check(); err != nil || !another.takes("") {
		t.Errorf("another provider without domains: %v", err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q"} {
		if text := fmt.Sprintf(verb, good); strings.Contains(text, "hush") {
			t.Errorf("%s prints the secret: %s", verb, text)
		}
	}
}
