package authz

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"time"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// What an officer of a place was handed, and hands on: where the next page of a list
// begins, and what an answer is recognised by.

// cursorOf makes the maker of cursors that somebody at the place was given.
func cursorOf(address string) maker {
	return maker{"cursor of " + address, func(w *world, s *spot) string { return w.cursor(s, address) }, nowhere, "!", ""}
}

const nowhere = "bm93aGVyZSBhdCBhbGw" // as a cursor: nowhere at all

func (w *world) cursor(s *spot, address string) string {
	for range 2 { // so that there is a next page
		switch {
		case strings.HasPrefix(address, "/api/v1/imports"):
			w.planned(s)
		case strings.HasPrefix(address, "/api/v1/shipments"):
			w.shipment(s)
		}
	}
	var page struct{ Next string }
	if err := json.Unmarshal(w.read(s, address+"limit=1").Body.Bytes(), &page); err != nil {
		w.Fatal(err)
	}
	return cmp.Or(page.Next, nowhere)
}

// positionOf is such a cursor as it stands in the address of a page: without its sum.
func positionOf(address string) maker {
	return maker{"position of " + address, func(w *world, s *spot) string {
		return base64.RawURLEncoding.EncodeToString(w.position(s, address))
	}, nowhere, "!", ""}
}

// numberOf is one whose position is a number.
func numberOf(address string) maker {
	return maker{"number of " + address, func(w *world, s *spot) string {
		n, _ := binary.Uvarint(w.position(s, address))
		return strconv.FormatUint(n, 10)
	}, "999999", "!", ""}
}

func (w *world) position(s *spot, address string) []byte {
	const sum = 6 // bytes
	data, err := base64.RawURLEncoding.DecodeString(w.cursor(s, address))
	if err != nil {
		w.Fatal(err)
	}
	return data[sum:]
}

// etagOf makes the maker of what the answer to somebody at the place was marked with.
func etagOf(address string) maker {
	return maker{"ETag of " + address, func(w *world, s *spot) string {
		return w.read(s, strings.ReplaceAll(address, "%", s.code)).Header().Get("ETag")
	}, `W/"000000000000000000000000"`, "x", ""}
}

// read is what an officer of the place gets.
func (w *world) read(s *spot, address string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, "http://takhti.example"+address, nil)
	req.Header.Set("Authorization", "Bearer "+w.tokenAt(s))
	rec := httptest.NewRecorder()
	w.handler.ServeHTTP(rec, req)
	if rec.Code != http.StatusOK {
		w.Fatalf("%s as an officer of %s: %d %s", address, s.word, rec.Code, rec.Body)
	}
	return rec
}

// tokenAt is what programs of an officer at the place come with.
func (w *world) tokenAt(s *spot) string {
	key := "bearer " + s.word
	if w.kept[key] == "" {
		user := w.clerk(s).Actor().Name
		token, err := w.auth.NewToken(w.Context(), w.boss, auth.TokenSpec{
			Name: "programs", User: user, Expires: w.clock.Add(200 * 24 * time.Hour), Grants: []registry.UserGrant{{Role: fleet.Officer, Place: fleet.PlaceCode(s.code)}},
		})
		if err != nil {
			w.Fatal(err)
		}
		w.kept[key] = token.Secret
	}
	return w.kept[key]
}
