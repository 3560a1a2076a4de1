package main

import (
	"archive/zip"
	"bufio"
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// mkxlsx OUT IN [PASSWORD] makes a workbook of a .csv file: one sheet, every cell
// a text.
func mkxlsx() int {
	in, err := os.Open(os.Args[2])
	if err != nil {
		return fail(err)
	}
	defer in.Close()
	r := csv.NewReader(in)
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		return fail(err)
	}
	f := excelize.NewFile()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", "A"+strconv.Itoa(i+1), &row); err != nil {
			return fail(err)
		}
	}
	var o excelize.Options
	if len(os.Args) > 3 {
		o.Password = os.Args[3]
	}
	if err := f.SaveAs(os.Args[1], o); err != nil {
		return fail(err)
	}
	return 0
}

// mkrows OUT N makes a packing list of N devices for the schools of seed, as .csv.
func mkrows() int {
	n, err := strconv.Atoi(os.Args[2])
	if err != nil {
		return fail(err)
	}
	f, err := os.Create(os.Args[1])
	if err != nil {
		return fail(err)
	}
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "Serial Number,Model,Carton,School EMIS")
	for i := range n {
		fmt.Fprintf(w, "NX%06d,Takhti 11,C-%d,3733025%d\n", i, i/20, i%2)
	}
	if err := w.Flush(); err != nil {
		return fail(err)
	}
	if err := f.Close(); err != nil {
		return fail(err)
	}
	return 0
}

// mkodd KIND OUT IN makes a file that takhti cannot import of a good workbook:
// one with macros, one in the format of old, or one that is cut off.
func mkodd() int {
	kind, out := os.Args[1], os.Args[2]
	data, err := os.ReadFile(os.Args[3])
	if err != nil {
		return fail(err)
	}
	switch kind {
	case "xls":
		data = append([]byte("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), make([]byte, 4096)...)
	case "cut":
		data = data[:len(data)/2]
	case "macros":
		if data, err = withMacros(data); err != nil {
			return fail(err)
		}
	default:
		return fail(fmt.Errorf("no kind %q", kind))
	}
	if err := os.WriteFile(out, data, 0o600); err != nil {
		return fail(err)
	}
	return 0
}

func withMacros(workbook []byte) ([]byte, error) {
	in, err := zip.NewReader(bytes.NewReader(workbook), int64(len(workbook)))
	if err != nil {
		return nil, err
	}
	var buf bytes.Buffer
	out := zip.NewWriter(&buf)
	for _, f := range in.File {
		if err := out.Copy(f); err != nil {
			return nil, err
		}
	}
	w, err := out.Create("xl/vbaProject.bin")
	if err != nil {
		return nil, err
	}
	if _, err := w.Write([]byte("macros")); err != nil {
		return nil, err
	}
	err = out.Close()
	return buf.Bytes(), err
}
