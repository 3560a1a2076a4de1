package workbook

import (
	"context"
	"iter"
)

// reader reads rows one after the other, until yield returns false.
type reader func(yield func(row) bool) error

const (
	batchRows    = 128
	batchesAhead = 8
)

type rowBatch struct {
	rows []row
	err  error // after rows
}

// readAhead reads in a goroutine of its own, so that unpacking and decoding take
// place beside the checking of earlier rows.
func readAhead(ctx context.Context, read reader) iter.Seq2[row, error] {
	return func(yield func(row, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		batches := make(chan rowBatch, batchesAhead)
		defer func() {
			stop()
			for range batches { // until the reader has ended
			}
		}()
		go fillBatches(ctx, read, batches)
		for batch := range batches {
			for _, r := range batch.rows {
				if !yield(r, nil) {
					return
				}
			}
			if batch.err != nil {
				yield(row{}, batch.err)
				return
			}
		}
	}
}

func fillBatches(ctx context.Context, read reader, batches chan<- rowBatch) {
	defer close(batches)
	send := func(b rowBatch) bool {
		select {
		case batches <- b:
			return true
		case <-ctx.Done():
			return false
		}
	}
	var rows []row
	err := read(func(r row) bool {
		rows = append(rows, r)
		if len(rows) < batchRows {
			return true
		}
		full := rows
		rows = make([]row, 0, batchRows)
		return send(rowBatch{rows: full})
	})
	if err == nil {
		err = ctx.Err()
	}
	send(rowBatch{rows: rows, err: err})
}
