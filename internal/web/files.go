package web

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"net/http"
	"path"
	"strings"

	"github.com/gin-gonic/gin"
)

//go:embed static
var static embed.FS

// files are the style sheet, the mark and what scripts there are. Each is served under a name that holds
// a hash of its contents, so that browsers may keep it for good.
type files struct {
	addresses map[string]string // by plain name
	contents  map[string][]byte // by address
}

func loadFiles() *files {
	f := &files{addresses: map[string]string{}, contents: map[string][]byte{}}
	entries, err := static.ReadDir("static")
	if err != nil {
		panic(err) // embedded with the program
	}
	for _, e := range entries {
		data, err := static.ReadFile("static/" + e.Name())
		if err != nil {
			panic(err)
		}
		sum := sha256.Sum256(data)
		ext := path.Ext(e.Name())
		address := "/static/" + strings.TrimSuffix(e.Name(), ext) + "-" + hex.EncodeToString(sum[:4]) + ext
		f.addresses[e.Name()], f.contents[address] = address, data
	}
	return f
}

// at is the address of the file with the plain name.
func (f *files) at(name string) string { return f.addresses[name] }

const forever = "public, max-age=31536000, immutable"

var kinds = map[string]string{".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".js": "text/javascript; charset=utf-8"}

func (f *files) mount(s *Site, engine *gin.Engine) {
	for address, data := range f.contents {
		kind := kinds[path.Ext(address)]
		s.open(engine, address, func(c *gin.Context) {
			c.Header("Cache-Control", forever)
			c.Data(http.StatusOK, kind, data)
		})
	}
	s.open(engine, "/favicon.ico", func(c *gin.Context) {
		c.Redirect(http.StatusFound, f.at("mark.svg"))
	})
}
