package main

import (
	"context"
	"database/sql"
	"errors"
	"time"

	_ "modernc.org/sqlite" // the driver

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/demo"
)

// sqlite is the peer that groups rows.
type sqlite struct {
	db      *sql.DB
	queries []*sqlQuery
}

type sqlQuery struct {
	name, text string
	took       []time.Duration
}

const schema = `
CREATE TABLE device (
	id INTEGER PRIMARY KEY, serial TEXT NOT NULL, tag TEXT, mac TEXT, model TEXT, carton TEXT, lot TEXT, line TEXT, po TEXT,
	price INTEGER, funding TEXT, warranty INTEGER, school TEXT, province TEXT NOT NULL, district TEXT NOT NULL, status TEXT NOT NULL
);`

const index = `CREATE INDEX device_by_place ON device (province, district, status); ANALYZE;`

const (
	indexed   = `SELECT district, status, count(*) FROM device WHERE province = ? GROUP BY district, status`
	unindexed = `SELECT district, status, count(*) FROM device NOT INDEXED WHERE province = ? GROUP BY district, status`
)

// openSQLite fills a database file with the devices of the register of that size.
func openSQLite(ctx context.Context, l *lab, size int) (*sqlite, error) {
	l.say("giving SQLite the same %d devices", size)
	db, err := sql.Open("sqlite", "file:"+l.path("devices.sqlite")+"?_pragma=synchronous(off)&_pragma=cache_size(-262144)")
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	s := &sqlite{db: db, queries: []*sqlQuery{{name: "without an index", text: unindexed}, {name: "with a covering index", text: indexed}}}
	return s, s.fill(ctx, size)
}

func (s *sqlite) fill(ctx context.Context, size int) error {
	world, err := newWorld(size)
	if err != nil {
		return err
	}
	if _, err := s.db.ExecContext(ctx, schema); err != nil {
		return err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() // of nothing after a commit
	insert, err := tx.PrepareContext(ctx, `INSERT INTO device VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`)
	if err != nil {
		return err
	}
	for i := range world.Shipments() {
		for n, d := range world.PackingList(i) {
			if _, err := insert.ExecContext(ctx, sqlRow(world, n, d)...); err != nil {
				return err
			}
		}
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	_, err = s.db.ExecContext(ctx, index)
	return err
}

// How many characters of a tehsil's code are its province's and its district's.
const (
	provinceDigits = 3
	districtDigits = 5
)

func sqlRow(w *demo.World, n int, d demo.Device) []any {
	school := w.Schools()[schoolOf(n)]
	return []any{
		n + 1, string(d.Serial), string(d.Tag), d.MAC, d.Model, d.Carton, d.Lot, d.Line, d.PO, int64(d.Price), d.Funding, int64(d.WarrantyEnds),
		string(school.Code), string(school.Parent[:provinceDigits]), string(school.Parent[:districtDigits]), statusOf(n).String(),
	}
}

func (s *sqlite) ask(ctx context.Context, query string) (map[group]int64, error) {
	rows, err := s.db.QueryContext(ctx, query, string(atlas.Punjab))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	groups := map[group]int64{}
	for rows.Next() {
		var g group
		var n int64
		if err := rows.Scan(&g.district, &g.status, &n); err != nil {
			return nil, err
		}
		groups[g] = n
	}
	return groups, errors.Join(rows.Err(), rows.Close())
}

func (s *sqlite) measure(ctx context.Context) error {
	for _, q := range s.queries {
		err := timed(&q.took, func() error {
			_, err := s.ask(ctx, q.text)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
