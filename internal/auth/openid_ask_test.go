package auth

import "testing"

// The standard leaves it to the provider whether the token says who it was, or only
// who asks with what came beside it is told.
func TestAProviderThatIsAskedWhoItWas(t *testing.T) {
	w := newAbroad(t)
	asIs := func(map[string]any) {}
	w.provider.Told = asIs
	w.linked("amna")
	w.wantIn("amna")
	w.provider.Told = func(c map[string]any) { c["email_verified"] = "true" } // as some say it
	w.wantIn("amna")
	for what, tc := range map[string]struct {
		told func(map[string]any)
		code string
	}{
		"the answer for somebody else": {func(c map[string]any) { c["sub"] = "another" }, "openid.refused"},
		"an answer for nobody":         {func(c map[string]any) { delete(c, "sub") }, "openid.refused"},
		"another organisation":         {func(c map[string]any) { c["hd"] = "evil.example" }, "openid.domain"},
		"a domain that is no text":     {func(c map[string]any) { c["hd"] = 7 }, "openid.refused"},
		"no organisation":              {func(c map[string]any) { delete(c, "hd") }, "openid.domain"},
		"an address not confirmed":     {func(c map[string]any) { c["email_verified"] = false }, "openid.email"},
		"no address":                   {func(c map[string]any) { delete(c, "email") }, "openid.email"},
	} {
		w.provider.Told = tc.told
		w.wantOut(what, tc.code)
	}
	w.provider.Told = asIs
	w.wantIn("amna")
}
