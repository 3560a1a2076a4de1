package server

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

type contextKey struct{}

// upload is a request with a file larger than what is kept in memory.
func upload(t *testing.T, path string) string {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	file, err := form.CreateFormFile("file", "schools.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	fmt.Fprint(file, strings.Repeat("x", 2*maxFormMemory))
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	return "POST " + path + "\nContent-Type: " + form.FormDataContentType() + "\n\n" + body.String()
}

// mountUploads adds handlers that read an upload in all the ways that make
// another request of it, and count the temporary files meanwhile.
func mountUploads(e *gin.Engine, files func() int) {
	withValue := func(c *gin.Context) {
		c.Request = c.Request.WithContext(context.WithValue(c.Request.Context(), contextKey{}, "x"))
	}
	read := func(c *gin.Context) {
		f, err := c.FormFile("file")
		if err != nil {
			c.String(http.StatusBadRequest, "%v", err)
			return
		}
		c.String(http.StatusOK, "%d bytes, %d files", f.Size, files())
	}
	e.POST("/plain", read)
	e.POST("/replaced", withValue, read)
	e.POST("/replaced-later", read, withValue)
	e.POST("/panics", withValue, func(c *gin.Context) {
		_, err := c.FormFile("file")
		panic(fmt.Sprint("after the upload: ", err))
	})

	api := humagin.New(e, huma.DefaultConfig("test", "1"))
	api.UseMiddleware(func(ctx huma.Context, next func(huma.Context)) {
		next(huma.WithValue(ctx, contextKey{}, "x"))
	})
	type form struct {
		File huma.FormFile `form:"file"`
	}
	type answer struct {
		Body string
	}
	huma.Register(api, huma.Operation{Method: "POST", Path: "/huma", OperationID: "upload", MaxBodyBytes: -1}, func(_ context.Context, in *struct {
		RawBody huma.MultipartFormFiles[form]
	},
	) (*answer, error) {
		n, err := io.Copy(io.Discard, in.RawBody.Data().File)
		return &answer{fmt.Sprintf("%d bytes, %d files", n, files())}, err
	})
}

func TestUploadsLeaveNoFileBehind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	files := func() int {
		entries, err := os.ReadDir(os.TempDir())
		if err != nil {
			t.Error(err)
		}
		return len(entries)
	}
	inHouse(t, Options{}, func(h *house) {
		mountUploads(h.Engine(), files)
		for _, path := range []string{"/plain", "/replaced", "/replaced-later", "/huma"} {
			answer := h.ask(upload(t, path))
			expect(t, path, answer, "200\n", fmt.Sprintf("%d bytes, 1 files", 2*maxFormMemory))
			if n := files(); n != 0 {
				t.Errorf("%s left %d files behind", path, n)
			}
		}
		expect(t, "a panic", h.ask(upload(t, "/panics")), "500\n")
		if n := files(); n != 0 {
			t.Errorf("a panic left %d files behind", n)
		}
		whole := upload(t, "/replaced")
		conn := h.dial("192.0.2.7:4711")
		cut := message(whole)
		if _, err := conn.Write([]byte(cut[:len(cut)-1000])); err != nil {
			t.Fatal(err)
		}
		conn.Close()
		h.stop()
		<-h.ended
		if n := files(); n != 0 {
			t.Errorf("an upload that was cut off left %d files behind", n)
		}
	})
}
