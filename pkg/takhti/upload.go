package takhti

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"strconv"
	"time"
)

const (
	largestPiece  = 1 << 20 // of a file that is sent in pieces
	smallestPiece = 64 << 10
	longestPiece  = 2 * time.Minute // that is waited for the answer to one
	patience      = 4               // times as many tries as of other calls, while nothing arrives
)

// largeFile is a file for which sending it in pieces is worth its while.
func largeFile(file io.Reader) (io.ReadSeeker, bool) {
	seeker, ok := file.(io.ReadSeeker)
	if !ok {
		return nil, false
	}
	_, size, err := extent(seeker)
	return seeker, err == nil && size > largestPiece
}

// onlyWhole says whether a server that refused so takes no files in pieces: an old one,
// or one that has too many of them.
func onlyWhole(err error) bool {
	return errors.Is(err, &Error{Code: "route.not_found"}) || errors.Is(err, &Error{Code: "upload.no_room"})
}

// extent is where a file begins, which is where it stands, and how many bytes follow.
func extent(file io.Seeker) (start, size int64, err error) {
	if start, err = file.Seek(0, io.SeekCurrent); err != nil {
		return 0, 0, err
	}
	end, err := file.Seek(0, io.SeekEnd)
	if err == nil {
		_, err = file.Seek(start, io.SeekStart)
	}
	return start, end - start, err
}

// SendFile sends a file in pieces, from where it stands to its end, and returns the
// ID under which the server has it for a week: [Client.UploadImport] does so by itself.
// When the network fails it goes on where the file broke off, and gives up only
// when nothing more arrives for many tries. The function, if any, is told how far it is.
func (c *Client) SendFile(ctx context.Context, name string, file io.ReadSeeker, progress func(sent, size int64)) (id string, err error) {
	start, size, err := extent(file)
	if err != nil {
		return "", err
	}
	header := tusHeader("Upload-Length", strconv.FormatInt(size, 10), "Upload-Metadata", "filename "+base64.StdEncoding.EncodeToString([]byte(name)))
	resp, err := c.send(ctx, call{method: http.MethodPost, path: "/uploads", header: header})
	if err != nil {
		return "", err
	}
	resp.Body.Close()
	f := sending{client: c, id: path.Base(resp.Header.Get("Location")), file: file, start: start, size: size, piece: largestPiece, progress: progress}
	if err := f.run(ctx); err != nil {
		return "", fmt.Errorf("%d of %d bytes of %s arrived: %w", f.offset, size, name, err)
	}
	return f.id, nil
}

// DropFile tells the server that a file that was sent, or a part of one, is not
// wanted any more.
func (c *Client) DropFile(ctx context.Context, id string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: at("uploads", id), header: tusHeader()}, nil)
}

func tusHeader(pairs ...string) http.Header {
	h := http.Header{"Tus-Resumable": {"1.0.0"}}
	for i := 0; i < len(pairs); i += 2 {
		h.Set(pairs[i], pairs[i+1])
	}
	return h
}

// sending is a file on its way to the server.
type sending struct {
	client      *Client
	id          string
	file        io.ReadSeeker
	start, size int64 // of the file
	offset      int64 // how much has arrived
	piece       int64 // how much is sent at once
	progress    func(sent, size int64)
}

// run sends piece after piece. What failed may have arrived in part: the server is asked.
func (f *sending) run(ctx context.Context) error {
	for fruitless := 0; f.offset < f.size; {
		before := f.offset
		err := f.next(ctx)
		if err == nil {
			f.piece = min(2*f.piece, largestPiece)
			fruitless = 0
			continue
		}
		f.piece = max(f.piece/2, smallestPiece)
		for err != nil {
			if fruitless++; fruitless >= (f.client.tries-1)*patience || ctx.Err() != nil || !canGoOn(err) {
				return err
			}
			if stopped := f.client.sleep(ctx, pause(err, fruitless)); stopped != nil {
				return err
			}
			err = f.ask(ctx)
		}
		if f.offset > before {
			fruitless = 0
		}
	}
	return nil
}

// next sends the next piece.
func (f *sending) next(ctx context.Context) error {
	if _, err := f.file.Seek(f.start+f.offset, io.SeekStart); err != nil {
		return &unsendable{err}
	}
	data := make([]byte, min(f.piece, f.size-f.offset)) // anew: a request that failed may still read its own
	if _, err := io.ReadFull(f.file, data); err != nil {
		return &unsendable{err}
	}
	header := tusHeader("Upload-Offset", strconv.FormatInt(f.offset, 10))
	return f.reach(ctx, call{method: http.MethodPatch, path: at("uploads", f.id), header: header, body: pieceBody(data)})
}

// ask asks the server how much has arrived.
func (f *sending) ask(ctx context.Context) error {
	return f.reach(ctx, call{method: http.MethodHead, path: at("uploads", f.id), header: tusHeader()})
}

// reach makes a call and notes how much has arrived by its answer.
func (f *sending) reach(ctx context.Context, q call) error {
	ctx, done := context.WithTimeout(ctx, longestPiece)
	defer done()
	resp, err := f.client.sendOnce(ctx, q, "")
	if err != nil {
		return err
	}
	resp.Body.Close()
	offset, err := strconv.ParseInt(resp.Header.Get("Upload-Offset"), 10, 64)
	if err != nil || offset < 0 || offset > f.size {
		return &unsendable{fmt.Errorf("the server does not say how much of the file has arrived")}
	}
	if f.offset = offset; f.progress != nil {
		f.progress(offset, f.size)
	}
	return nil
}

// canGoOn says whether sending a file can go on after an error.
func canGoOn(err error) bool {
	var broken *unsendable
	var answer *Error
	switch {
	case errors.As(err, &broken):
		return false
	case errors.As(err, &answer):
		return answer.RetryAfter <= longestAsked && (passing(answer.Status) ||
			answer.Status == http.StatusConflict || answer.Status == http.StatusRequestTimeout || answer.Code == "upload.cut")
	}
	return true
}

// pieceBody is a piece of a file.
type pieceBody []byte

func (b pieceBody) open() (io.Reader, int64, error) { return bytes.NewReader(b), int64(len(b)), nil }
func (b pieceBody) contentType() string             { return "application/offset+octet-stream" }
func (b pieceBody) repeatable() bool                { return false }
