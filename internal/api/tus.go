package api

import (
	"cmp"
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/workbook"
)

// uploadPath is where one upload is, for the engine.
const uploadPath = "/uploads/:id"

const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,expiration,termination"
	tusContent    = "application/offset+octet-stream"
	maxMetadata   = 2 << 10
)

// uploads serves the resumable upload protocol tus 1.0.0, with the extensions
// creation, expiration and termination. It speaks in headers, so it is not huma's.
func (a *api) uploads(engine *gin.Engine) {
	imports := auth.Any(fleet.RunImports)
	for _, route := range []auth.Route{
		{Method: http.MethodOptions, Path: "/uploads", Needs: auth.Nothing()},
		{Method: http.MethodPost, Path: "/uploads", Needs: imports},
		{Method: http.MethodOptions, Path: uploadPath, Needs: auth.Nothing()},
		{Method: http.MethodGet, Path: uploadPath, Needs: imports},
		{Method: http.MethodHead, Path: uploadPath, Needs: imports},
		{Method: http.MethodPatch, Path: uploadPath, Needs: imports},
		{Method: http.MethodDelete, Path: uploadPath, Needs: imports},
		{Method: http.MethodPost, Path: uploadPath, Needs: imports},
	} {
		route.Path = prefix + route.Path
		a.handle(engine, route, a.tus, speakTus)
	}
	a.documentUploads()
}

// speakTus says which protocol is spoken here, also to those who are turned away.
func speakTus(c *gin.Context) { c.Header("Tus-Resumable", tusVersion) }

// tus answers a request of the protocol.
func (a *api) tus(c *gin.Context) {
	method := cmp.Or(c.GetHeader("X-HTTP-Method-Override"), c.Request.Method)
	if method == http.MethodOptions {
		c.Header("Tus-Version", tusVersion)
		c.Header("Tus-Extension", tusExtensions)
		c.Header("Tus-Max-Size", strconv.FormatInt(a.Desk.MaxFile(), 10))
		c.Status(http.StatusNoContent)
		return
	}
	r := tusRequest{a, c, a.session(c.Request.Context())}
	if err := r.answer(method); err != nil {
		a.refuse(c, err)
	}
}

// tusRequest is a request that somebody with a right to it made.
type tusRequest struct {
	*api
	*gin.Context
	session registry.Session
}

func (r *tusRequest) answer(method string) error {
	if r.GetHeader("Tus-Resumable") != tusVersion {
		r.Header("Tus-Version", tusVersion)
		return clientProblem(http.StatusPreconditionFailed, "upload.version", "send Tus-Resumable: "+tusVersion+", the version of the protocol that is spoken here")
	}
	switch one := r.Param("id") != ""; {
	case !one && method == http.MethodPost:
		return r.begin()
	case one && (method == http.MethodGet || method == http.MethodHead):
		return r.tell()
	case one && method == http.MethodPatch:
		return r.append()
	case one && method == http.MethodDelete:
		return r.drop()
	}
	return clientProblem(http.StatusMethodNotAllowed, "route.method", "this method is not possible at this address")
}

// begin is the protocol's creation.
func (r *tusRequest) begin() error {
	length, err := strconv.ParseInt(r.GetHeader("Upload-Length"), 10, 64)
	if err != nil || length < 0 {
		return badHeader("Upload-Length", "how many bytes the file has")
	}
	metadata := r.GetHeader("Upload-Metadata")
	name, ok := fileName(metadata)
	if !ok || len(metadata) > maxMetadata {
		return badHeader("Upload-Metadata", "pairs of a name and a value in base64, at most 2,000 bytes: filename bGlzdC54bHN4")
	}
	u, err := r.Desk.BeginUpload(r.session, workbook.Upload{
		Name: name, Metadata: metadata, Length: length, Key: r.GetHeader("Idempotency-Key"),
	})
	if err != nil {
		return err
	}
	r.Header("Location", prefix+"/uploads/"+u.ID)
	r.progress(u)
	r.Status(http.StatusCreated)
	return nil
}

// fileName reads the name of the file out of what the client says of it.
func fileName(metadata string) (name string, ok bool) {
	name = "file"
	if metadata == "" {
		return name, true
	}
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(metadata, ",") {
		key, value, _ := strings.Cut(strings.TrimSpace(pair), " ")
		text, err := base64.StdEncoding.DecodeString(value)
		if key == "" || seen[key] || err != nil {
			return "", false
		}
		if seen[key] = true; key == "filename" {
			name = cmp.Or(strings.ToValidUTF8(string(text), "�"), name)
		}
	}
	return name, true
}

func (r *tusRequest) tell() error {
	u, err := r.Desk.Upload(r.session, r.Param("id"))
	if err != nil {
		return err
	}
	if u.Metadata != "" {
		r.Header("Upload-Metadata", u.Metadata)
	}
	r.progress(u)
	r.Status(http.StatusOK)
	return nil
}

func (r *tusRequest) append() error {
	offset, err := strconv.ParseInt(r.GetHeader("Upload-Offset"), 10, 64)
	switch {
	case r.GetHeader("Content-Type") != tusContent:
		return clientProblem(http.StatusUnsupportedMediaType, "request.content_type", "send the bytes of the file, with Content-Type: "+tusContent)
	case err != nil || offset < 0:
		return badHeader("Upload-Offset", "at which byte of the file this begins")
	}
	conn := http.NewResponseController(r.Writer)
	var interrupted atomic.Bool
	u, err := r.Desk.Append(r.Request.Context(), r.session, r.Param("id"), offset, r.body(), func() {
		interrupted.Store(true)
		_ = conn.SetReadDeadline(time.Unix(1, 0)) // a connection without deadlines is a test's
	})
	if interrupted.Load() { // net/http gives up the context of a connection that cannot be read
		r.Header("Connection", "close")
	}
	if err != nil {
		return err
	}
	r.progress(u)
	r.Status(http.StatusNoContent)
	return nil
}

func (r *tusRequest) body() io.Reader {
	if r.Request.Body == nil {
		return http.NoBody
	}
	return r.Request.Body
}

// drop is the protocol's termination.
func (r *tusRequest) drop() error {
	if err := r.Desk.DropUpload(r.Request.Context(), r.session, r.Param("id")); err != nil {
		return err
	}
	r.Status(http.StatusNoContent)
	return nil
}

// progress tells how far an upload has come.
func (r *tusRequest) progress(u workbook.Upload) {
	r.Header("Upload-Offset", strconv.FormatInt(u.Offset, 10))
	r.Header("Upload-Length", strconv.FormatInt(u.Length, 10))
	r.Header("Upload-Expires", u.Expires().UTC().Format(http.TimeFormat))
}

func badHeader(name, holds string) *problem {
	p := clientProblem(http.StatusBadRequest, "upload.header", "the header "+name+" is "+holds)
	p.Field = name
	return p
}

// tusStatuses are the statuses of errors where the protocol wants another one than
// that of their kind.
var tusStatuses = map[string]int{
	"file.too_large":  http.StatusRequestEntityTooLarge,
	"upload.too_long": http.StatusRequestEntityTooLarge,
	"upload.cut":      http.StatusBadRequest,
}

// refuse answers with a problem, where huma does not.
func (a *api) refuse(c *gin.Context, err error) {
	p := a.problem(c.Request.Context(), err)
	if status, ok := tusStatuses[p.Code]; ok {
		p.Status, p.Title = status, http.StatusText(status)
	}
	p.leave(c)
	for name, values := range p.headers {
		c.Header(name, values[0])
	}
	if p.Status == http.StatusUnauthorized {
		c.Header("WWW-Authenticate", auth.Challenge(c.GetHeader))
	}
	p.RequestID = c.GetHeader("X-Request-Id")
	body, err := json.Marshal(p)
	if err != nil {
		panic(err) // strings and numbers
	}
	c.Data(p.Status, problemType, body)
}
