package workbook

import (
	"bufio"
	"encoding/csv"
	"io"
	"strconv"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// csvWriter writes what Excel opens with a double click: UTF-8 with a byte order
// mark, commas, lines ended by CR and LF.
type csvWriter struct {
	buf     *bufio.Writer
	out     *csv.Writer
	columns []column
	record  []string
}

func newCSVWriter(w io.Writer, columns []column) (*csvWriter, error) {
	buf := bufio.NewWriterSize(w, 64<<10)
	if _, err := buf.WriteString("\uFEFF"); err != nil {
		return nil, err
	}
	c := &csvWriter{buf: buf, out: csv.NewWriter(buf), columns: columns, record: make([]string, len(columns))}
	c.out.UseCRLF = true
	for i, column := range columns {
		c.record[i] = column.header
	}
	return c, c.out.Write(c.record)
}

func (c *csvWriter) row(cells []value) error {
	for i, v := range cells {
		c.record[i] = inCSV(c.columns[i].form, v)
	}
	return c.out.Write(c.record)
}

func inCSV(f form, v value) string {
	if f == formText || f == formCode {
		return Inert(v.text)
	}
	return asText(f, v)
}

// asText is a value as people read it.
func asText(f form, v value) string {
	switch {
	case f == formText || f == formCode:
		return v.text
	case !v.filled:
		return ""
	case f == formDate:
		return fleet.Date(v.number).String()
	case f == formMoney:
		return fleet.Rupees(v.number).String()
	}
	return strconv.FormatFloat(v.number, 'f', -1, 64)
}

// Inert puts an apostrophe before a text that a spreadsheet could take for
// a formula, and before one that begins as if that had been done already.
func Inert(s string) string {
	if startsFormula(s) || unquote(s) != s {
		return "'" + s
	}
	return s
}

func (c *csvWriter) finish() error {
	c.out.Flush()
	if err := c.out.Error(); err != nil {
		return err
	}
	return c.buf.Flush()
}

func (c *csvWriter) abandon() {}
