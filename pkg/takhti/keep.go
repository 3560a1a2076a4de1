package takhti

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// Backup writes the whole register, as of one moment, to w and tells how many
// bytes that are. The bytes carry their own checksums. After an error w may hold
// a part of it.
func (c *Client) Backup(ctx context.Context, w io.Writer) (int64, error) {
	resp, err := c.send(ctx, call{method: http.MethodGet, path: at("backup")})
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	return io.Copy(w, resp.Body)
}

// Finding is one place where what is stored is not what it should be.
type Finding struct {
	Table  string `json:"table" doc:"The kind of record"`
	Key    string `json:"key" doc:"What is wrong: a record, or an entry of an index or counter"`
	What   string `json:"what" doc:"Completes a sentence that begins with key"`
	Detail string `json:"detail"`
}

// VerifyStep is one line of what a verification says. One of its fields is set.
type VerifyStep struct {
	Stage    string   `json:"stage,omitempty" doc:"What is checked from here on"`
	Finding  *Finding `json:"finding,omitempty"`
	Findings *int64   `json:"findings,omitempty" doc:"On the last line: how many findings there were"`
}

// Verify has the server prove the register from its records, and tells how many
// differences it found. Either function may be nil.
func (c *Client) Verify(ctx context.Context, stage func(string), found func(Finding)) (int64, error) {
	resp, err := c.send(ctx, call{method: http.MethodGet, path: at("verify")})
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	lines := json.NewDecoder(bufio.NewReader(resp.Body))
	for {
		var step VerifyStep
		if err := lines.Decode(&step); err != nil {
			if errors.Is(err, io.EOF) {
				err = io.ErrUnexpectedEOF
			}
			return 0, fmt.Errorf("the verification ended before its end: %w", err)
		}
		switch {
		case step.Findings != nil:
			return *step.Findings, nil
		case step.Finding != nil && found != nil:
			found(*step.Finding)
		case step.Stage != "" && stage != nil:
			stage(step.Stage)
		}
	}
}
