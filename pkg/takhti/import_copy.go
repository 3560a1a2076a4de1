package takhti

import (
	"context"
	"io"
	"net/http"
)

// ImportCopy is a copy of an import's workbook.
type ImportCopy string

// The copies.
const (
	AnnotatedCopy ImportCopy = "annotated.xlsx" // the whole workbook, its problems marked
	LeftOutCopy   ImportCopy = "left-out.xlsx"  // the rows that are not imported
)

// ImportCopy writes a copy of an import's workbook to w, in which the problems are
// marked, and tells how many bytes it has. After an error w may hold a part of it.
func (c *Client) ImportCopy(ctx context.Context, id string, which ImportCopy, w io.Writer) (int64, error) {
	return c.download(ctx, call{method: http.MethodGet, path: at("imports", id, string(which))}, w)
}

// Template writes a workbook to w that can be filled in and sent in; lang is en or
// ur. After an error w may hold a part of it.
func (c *Client) Template(ctx context.Context, kind ImportKind, lang string, w io.Writer) (int64, error) {
	p := newParameters().text("lang", lang)
	return c.download(ctx, call{method: http.MethodGet, path: at("templates", string(kind)+".xlsx"), query: p.Values}, w)
}

// download writes the answer to a call to w.
func (c *Client) download(ctx context.Context, what call, w io.Writer) (int64, error) {
	resp, err := c.send(ctx, what)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return io.Copy(w, resp.Body)
}
