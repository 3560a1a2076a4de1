package web

import (
	"net/http"
	"strconv"
	"strings"

	"github.com/takhti-edu/takhti/internal/registry"
)

// noticeCookie carries what was just saved to the page that the visitor is sent
// to next, which shows it once. It is a cookie so that no link can make a page
// say that something was saved. Over TLS it has the prefix with which a browser
// takes it from nobody but this host.
func (v *visit) noticeCookie() *http.Cookie {
	c := &http.Cookie{Name: "takhti_notice", Path: "/", HttpOnly: true, SameSite: http.SameSiteStrictMode}
	if v.Auth.Secure(v.c.Request) {
		c.Name, c.Secure = "__Host-"+c.Name, true
	}
	return c
}

// notice says that something was saved, and under which number.
type notice struct {
	name   string // of what was done
	number uint64 // of the journal entry
}

// saved sends the visitor to the address, which then says what was saved.
func (v *visit) saved(name string, r registry.Receipt, address string) reply {
	if r.Last == 0 {
		name = "nothing"
	}
	return v.done(name, r.Last, address)
}

// carryOut makes the change that a form asks for and goes on to the address.
func (v *visit) carryOut(f form, c registry.Change, address string) (reply, error) {
	receipt, err := v.apply(f, c)
	if err != nil {
		return reply{}, err
	}
	return v.saved(f.name, receipt, address), nil
}

// done is saved for what is known by a number other than its journal entry's.
func (v *visit) done(name string, number uint64, address string) reply {
	c := v.noticeCookie()
	c.Value, c.MaxAge = name+"."+strconv.FormatUint(number, 10), 60
	http.SetCookie(v.c.Writer, c)
	return goTo(address)
}

// takeNotice reads what was just saved, and has the browser forget it.
func (v *visit) takeNotice() *notice {
	gone := v.noticeCookie()
	cookie, err := v.c.Request.Cookie(gone.Name)
	if err != nil {
		return nil
	}
	gone.MaxAge = -1
	http.SetCookie(v.c.Writer, gone)
	name, text, _ := strings.Cut(cookie.Value, ".")
	number, err := strconv.ParseUint(text, 10, 64)
	if err != nil || !v.known("saved."+name) {
		return nil
	}
	return &notice{name: name, number: number}
}
