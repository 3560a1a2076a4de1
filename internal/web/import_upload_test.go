package web_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// A file that a script sent ahead is imported as one that came with the form.
func TestAFileThatWasSentAheadIsImported(t *testing.T) {
	w := newWorld(t)
	b := w.signedIn(t, "officer")
	b.get("/imports/new?kind=shipment")
	if !ours.MatchString(b.page) || !strings.Contains(b.page, `data-uploads="/api/v1/uploads"`) || !strings.Contains(b.page, `data-sending="Sending the file: {done} of {total} MB"`) {
		t.Errorf("the page does not send files ahead:\n%s", b.page)
	}
	const list = "Serial Number,Model\nFFF-0001,Takhti 11\n"
	u := w.upload("officer", "ahead.csv", list)
	form := func(id string) url.Values {
		return url.Values{"upload": {id}, "shipment": {"SHP-9"}, "to": {"PK601-STORE"}}
	}
	b.press("Check the file", form(w.upload("manager", "other.csv", list)), nil)
	if b.status != 422 || !strings.Contains(b.text(), "The file that was sent is not here any more.") {
		t.Errorf("somebody else's: %d %s", b.status, b.text())
	}
	b.press("Check the file", form(u), nil)
	if b.at != "/imports/I-1" || !strings.Contains(b.text(), "ahead.csv") || !strings.Contains(b.text(), "New 1") {
		t.Errorf("%d at %s\n%s", b.status, b.at, b.text())
	}
	b.get("/imports/new?kind=shipment")
	b.press("Check the file", form(u), nil)
	if b.at != "/imports/I-1" {
		t.Errorf("sent again it is at %s", b.at)
	}
}

// upload is a file that a user has sent ahead of its form.
func (w *world) upload(user, name, content string) string {
	w.t.Helper()
	users, err := w.boss.Users(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	for _, u := range users {
		if u.Name != user {
			continue
		}
		s := w.reg.As(registry.Actor{User: u.ID, Name: u.Name, Via: "web", Grants: u.Grants})
		up, err := w.desk.BeginUpload(s, workbook.Upload{Name: name, Length: int64(len(content))})
		if err == nil {
			_, err = w.desk.Append(w.t.Context(), s, up.ID, 0, strings.NewReader(content), nil)
		}
		if err != nil {
			w.t.Fatal(err)
		}
		return up.ID
	}
	w.t.Fatalf("there is no user %s", user)
	return ""
}
