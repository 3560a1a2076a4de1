package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"time"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// benchSheet holds reading the rows of a workbook against excelize, with raw
// values and as it comes, and against unzip, which does nothing but unpack.
func benchSheet(ctx context.Context, l *lab) error {
	const few, many = 100_000, 500_000
	memory := map[sheetForm]float64{inlineTexts: 64, sharedTexts: 160} // MB
	for _, form := range []sheetForm{inlineTexts, sharedTexts} {
		for _, rows := range []int{few, many} {
			r := sheetRound{l: l, file: l.path(fmt.Sprintf("%s-%d.xlsx", form, rows)), rows: rows, rounds: 3}
			if rows == many {
				r.rounds = 1 // excelize takes half a minute
			}
			l.say("reading %d rows, %s texts", rows, form)
			// In a process of its own: the system counts what this one ever held as its children's.
			if _, err := l.child(ctx, "sheet-file", r.file, string(form), strconv.Itoa(rows)); err != nil {
				return err
			}
			if err := r.run(ctx); err != nil {
				return err
			}
			r.lines(form, memory[form], rows == many)
			if err := os.Remove(r.file); err != nil {
				return err
			}
		}
	}
	return nil
}

// sheetRound is one workbook, read by each.
type sheetRound struct {
	l                       *lab
	file                    string
	rows, rounds            int
	ours, raw, plain, unzip outcomes
}

func (r *sheetRound) run(ctx context.Context) error {
	by := func(name string, all *outcomes) func() error {
		return func() error {
			o, err := r.l.child(ctx, name, r.file)
			if err == nil && o.Rows != r.rows {
				err = fmt.Errorf("%s read %d rows, not %d", name, o.Rows, r.rows)
			}
			*all = append(*all, o)
			return err
		}
	}
	readers := []func() error{by("sheet", &r.ours), by("excelize", &r.raw), r.unpack(ctx)}
	if r.rounds > 1 {
		readers = append(readers, by("excelize-formatted", &r.plain))
	}
	return interleave(r.rounds, readers...)
}

// unpack times unzip, where there is one.
func (r *sheetRound) unpack(ctx context.Context) func() error {
	return func() error {
		program, err := exec.LookPath("unzip")
		if err != nil {
			return nil
		}
		cmd := exec.CommandContext(ctx, program, "-p", r.file)
		out, err := cmd.StdoutPipe()
		if err != nil {
			return err
		}
		began := time.Now()
		if err := cmd.Start(); err != nil {
			return err
		}
		_, err = io.Copy(io.Discard, out)
		err = errors.Join(err, cmd.Wait())
		r.unzip = append(r.unzip, outcome{Took: time.Since(began)})
		return err
	}
}

func (r *sheetRound) lines(form sheetForm, memory float64, tellMemory bool) {
	mine := r.ours.took()
	what := fmt.Sprintf("read %d rows of 14 columns, %s texts", r.rows, form)
	against := func(peer outcomes, name string, goal float64) {
		if len(peer) > 0 {
			r.l.table.add(line{
				what: what + "; against " + name, ours: inWords(mine), peer: inWords(peer.took()),
				figure: ratioOf(peer.took(), mine), unit: "×", bound: atLeast, goal: goal,
			})
		}
	}
	against(r.raw, "excelize with raw values", 8)
	against(r.plain, "excelize as it comes", 25)
	if len(r.unzip) > 0 {
		r.l.table.add(line{
			what: what + "; against unzip -p alone", ours: inWords(mine), peer: inWords(r.unzip.took()),
			figure: ratioOf(mine, r.unzip.took()), unit: "×", bound: atMost, goal: 1.5,
		})
	}
	if tellMemory {
		most := r.ours.peak()
		r.l.table.add(line{what: "memory of that process at most", ours: megabytes(most), figure: float64(most >> 20), unit: " MB", bound: atMost, goal: memory})
	}
}

// writeSheet is the child that writes a workbook: FILE, form, rows.
func writeSheet(_ context.Context, args []string) (o outcome, err error) {
	if o.Rows, err = strconv.Atoi(args[2]); err != nil {
		return o, err
	}
	return o, writeSheetFile(args[0], sheetForm(args[1]), o.Rows)
}

// readSheet is the child that reads a workbook with pkg/sheet.
func readSheet(_ context.Context, args []string) (o outcome, err error) {
	began := time.Now()
	f, err := os.Open(args[0])
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	info, err := f.Stat()
	if err != nil {
		return o, err
	}
	book, err := sheet.Open(f, info.Size(), sheet.Limits{})
	if err != nil {
		return o, err
	}
	for _, err := range book.Rows(0) {
		if err != nil {
			return o, err
		}
		o.Rows++
	}
	o.Took = time.Since(began)
	return o, nil
}
