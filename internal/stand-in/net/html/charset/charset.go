// Package charset stands in for golang.org/x/net's, by which excelize would read
// the parts of a workbook in any of some forty encodings: 0.8 MB of tables, most
// of them of Chinese, Japanese and Korean, where Excel itself writes UTF-8.
package charset

import (
	"fmt"
	"io"
	"strings"
)

// NewReaderLabel reads UTF-8 as it is, and refuses all else.
func NewReaderLabel(label string, input io.Reader) (io.Reader, error) {
	if l := strings.ToLower(strings.TrimSpace(label)); l == "utf-8" || l == "utf8" {
		return input, nil
	}
	return nil, fmt.Errorf("the encoding %q is not read: save the file as UTF-8", label)
}
