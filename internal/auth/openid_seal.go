package auth

import (
	"crypto/cipher"
	"crypto/rand"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"sync"
	"time"
)

// A browser on its way to the provider and back carries what belongs to the way in
// a sealed cookie, which only this process can make, read and open for the purpose
// that it was made for. Nothing of it is kept here, so no stranger who begins many
// can push anybody's out.
type sealer struct{ cipher.AEAD }

func newSealer() sealer {
	key := make([]byte, 32)
	rand.Read(key) // never fails
	return sealer{aead(key)}
}

// The purposes of sealed cookies, which are their names.
const (
	awayCookie  = "takhti_away"  // on the way to the provider: an [away]
	foundCookie = "takhti_found" // back from it, to be confirmed: a [Found]
)

// awayLife is how long somebody has for the way, and again to confirm.
const awayLife = 10 * time.Minute

// setSealed gives the browser a value that it cannot read.
func (s *Service) setSealed(w http.ResponseWriter, r *http.Request, purpose string, value any) error {
	plain, err := json.Marshal(value)
	if err != nil {
		return err
	}
	c := s.cookie(r, purpose)
	c.Value = base64.RawURLEncoding.EncodeToString(s.sealer.Seal(nil, nil, plain, []byte(purpose)))
	c.MaxAge = int(awayLife / time.Second)
	http.SetCookie(w, c)
	return nil
}

// sealed reads such a value back; false when there is none that was made here.
func (s *Service) sealed(r *http.Request, purpose string, value any) bool {
	c, err := r.Cookie(s.cookie(r, purpose).Name)
	if err != nil {
		return false
	}
	data, err := base64.RawURLEncoding.DecodeString(c.Value)
	if err != nil {
		return false
	}
	plain, err := s.sealer.Open(nil, nil, data, []byte(purpose))
	return err == nil && json.Unmarshal(plain, value) == nil
}

// clearSealed makes the browser forget it.
func (s *Service) clearSealed(w http.ResponseWriter, r *http.Request, purpose string) {
	c := s.cookie(r, purpose)
	c.MaxAge = -1
	http.SetCookie(w, c)
}

// once knows what has come back, as nothing may twice: a sealed cookie can be copied.
type once struct {
	mu   sync.Mutex
	seen recent[string, struct{}]
}

func newOnce() *once {
	return &once{seen: newRecent[string](remembered, func() *struct{} { return &struct{}{} })}
}

// first says whether the state has not come back before.
func (o *once) first(state string) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.seen.has(state) {
		return false
	}
	o.seen.of(state)
	return true
}
