package takhti

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"strings"
)

// jsonBody is the content of most writes.
type jsonBody []byte

func asJSON(content any) (jsonBody, error) {
	data, err := json.Marshal(content)
	if err != nil {
		return nil, fmt.Errorf("encoding the request: %w", err)
	}
	return data, nil
}

func (b jsonBody) open() (io.Reader, int64, error) { return bytes.NewReader(b), int64(len(b)), nil }
func (b jsonBody) contentType() string             { return "application/json" }
func (b jsonBody) repeatable() bool                { return true }

// formBody is a form with a file, as browsers send it.
type formBody struct {
	head, tail []byte // what stands before and after the file
	file       io.Reader
	start      int64 // where the file begins in a reader that can seek
	size       int64 // of the file; -1: not known
	kind       string
}

// newForm makes a form of the fields, empty ones left out, and the file; nil: none.
func newForm(fields [][2]string, fileName string, file io.Reader) (*formBody, error) {
	var buf bytes.Buffer
	w := multipart.NewWriter(&buf)
	for _, f := range fields {
		if f[1] == "" {
			continue
		}
		if err := w.WriteField(f[0], f[1]); err != nil {
			return nil, err
		}
	}
	if file == nil {
		file = strings.NewReader("")
	} else if _, err := w.CreateFormFile("file", fileName); err != nil {
		return nil, err
	}
	head := bytes.Clone(buf.Bytes())
	if err := w.Close(); err != nil {
		return nil, err
	}
	b := &formBody{head: head, tail: buf.Bytes()[len(head):], file: file, size: -1, kind: w.FormDataContentType()}
	if seeker, ok := file.(io.Seeker); ok {
		return b, b.measure(seeker)
	}
	return b, nil
}

func (b *formBody) measure(s io.Seeker) (err error) {
	if b.start, err = s.Seek(0, io.SeekCurrent); err != nil {
		return err
	}
	end, err := s.Seek(0, io.SeekEnd)
	b.size = end - b.start
	return err
}

func (b *formBody) contentType() string { return b.kind }
func (b *formBody) repeatable() bool    { return b.size >= 0 }

func (b *formBody) open() (io.Reader, int64, error) {
	size := int64(-1)
	if seeker, ok := b.file.(io.Seeker); ok {
		if _, err := seeker.Seek(b.start, io.SeekStart); err != nil {
			return nil, 0, err
		}
		size = int64(len(b.head)) + b.size + int64(len(b.tail))
	}
	return io.MultiReader(bytes.NewReader(b.head), b.file, bytes.NewReader(b.tail)), size, nil
}
