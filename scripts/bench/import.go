package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/xuri/excelize/v2"

	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
	"github.com/takhti-edu/takhti/internal/server"
	"github.com/takhti-edu/takhti/internal/workbook"
)

const (
	importRows  = 50_000
	importWorld = 200_000 // devices in the country; a third are of one shipment
)

// benchImport holds the import of a packing list against nothing but reading it.
func benchImport(ctx context.Context, l *lab) error {
	job, err := prepareImport(ctx, l, importWorld, importRows)
	if err != nil {
		return err
	}
	const rounds = 3
	for _, rows := range []int{importRows, importRows / 10} {
		list := l.path(fmt.Sprintf("list-%d.xlsx", rows))
		if err := writePackingList(list, job.country.world, job.shipment, rows); err != nil {
			return err
		}
		l.say("importing %d rows", rows)
		var served, ours, peer outcomes
		err := interleave(rounds,
			func() error { return readOnce(ctx, l, list, rows, &peer) },
			func() error { return job.once(ctx, l, list, rows, readHere, &ours) },
			func() error { return job.once(ctx, l, list, rows, readApart, &served) },
		)
		if err != nil {
			return err
		}
		importLines(l, hereWords, rows, ours, peer)
		importLines(l, apartWords, rows, served, peer)
	}
	return nil
}

// importWords are what the lines of a way of importing say.
type importWords struct{ took, work, peak string }

var (
	hereWords = importWords{
		"import %d rows of 14 columns: plan, preview, commit; against excelize reading them",
		"processor time of these two",
		"memory of that process at most, the mapped file included",
	}
	// As the server does it: with the list read in a process of its own.
	apartWords = importWords{
		"the same of %d rows as the server does it, with the list read in a process of its own",
		"processor time of these two, both processes of the first",
		"memory of both processes together at most, the mapped file included",
	}
)

func importLines(l *lab, say importWords, rows int, ours, peer outcomes) {
	mine, yours := ours.took(), peer.took()
	took := line{
		what: fmt.Sprintf(say.took, rows),
		ours: inWords(mine), peer: inWords(yours), figure: ratioOf(mine, yours), unit: "×", bound: atMost, goal: 0.8,
	}
	if rows < importRows {
		took.figure, took.unit, took.goal = mine.Seconds(), " s", 2
		l.table.add(took)
		return
	}
	l.table.add(took)
	mine, yours = ours.work(), peer.work()
	l.table.add(line{
		what: say.work, ours: inWords(mine), peer: inWords(yours),
		figure: ratioOf(mine, yours), unit: "×", bound: shownOnly,
	})
	most := ours.peak()
	l.table.add(line{
		what: say.peak, ours: megabytes(most),
		figure: float64(most >> 20), unit: " MB", bound: atMost, goal: 300,
	})
}

// importJob is a register without devices, into which a list is imported.
type importJob struct {
	country  *country
	shipment int // its list says of every device to which school it goes
	base     string
	round    int
}

func prepareImport(ctx context.Context, l *lab, devices, rows int) (*importJob, error) {
	base := l.path(fmt.Sprintf("places-%d.db", devices))
	c, err := beginCountry(ctx, base, devices)
	if err != nil {
		return nil, err
	}
	all := c.world.Shipments()
	direct := slices.IndexFunc(all, func(s demo.Shipment) bool { return s.Direct && s.Count >= rows })
	if direct < 0 {
		return nil, errors.Join(errors.New("no shipment is large enough and goes straight to schools"), c.reg.Close())
	}
	return &importJob{country: c, shipment: direct, base: base}, c.reg.Close()
}

func (j *importJob) once(ctx context.Context, l *lab, list string, rows int, where string, all *outcomes) error {
	j.round++
	data := l.path(fmt.Sprintf("import-%d", j.round))
	if err := os.Mkdir(data, 0o700); err != nil {
		return err
	}
	defer os.RemoveAll(data)
	if _, err := l.copyFile(j.base, filepath.Join(filepath.Base(data), "takhti.db")); err != nil {
		return err
	}
	s := j.country.world.Shipments()[j.shipment]
	o, err := l.child(ctx, "import", list, data, s.Number, string(s.To), where)
	if err == nil && o.Rows != rows {
		err = fmt.Errorf("%d rows were imported, not %d", o.Rows, rows)
	}
	*all = append(*all, o)
	return err
}

// Where an import's list is read: as on the command line, or as in the server.
const (
	readHere  = "here"
	readApart = "apart"
)

// importFile is the child that imports: FILE, data folder, shipment, store, and
// where the file is read.
func importFile(ctx context.Context, args []string) (o outcome, err error) {
	reg, err := openRegister(ctx, filepath.Join(args[1], "takhti.db"))
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, reg.Close()) }()
	var limits workbook.Limits
	if args[4] == readApart {
		limits.Apart = apart()
	}
	server.LimitMemory() // as when it serves
	stop := watchReaders()
	defer func() { o.Peak, o.Own = stop() }()
	began := time.Now()
	file, err := os.Open(args[0])
	if err != nil {
		return o, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return o, err
	}
	s, to := reg.As(registry.Operator()), fleet.PlaceCode(args[3])
	plan, err := workbook.NewPlan(ctx, s, workbook.File{Name: info.Name(), Data: file, Size: info.Size()}, workbook.Options{
		Kind: workbook.Devices, Shipment: args[2], To: to, Limits: limits,
	})
	if err != nil {
		return o, err
	}
	desk := workbook.NewDesk(filepath.Join(args[1], "imports"), workbook.Limits{})
	kept, err := desk.Take(ctx, s, workbook.Incoming{Name: info.Name(), Kind: plan.Kind, Shipment: args[2], To: to}, file)
	if err != nil {
		return o, err
	}
	o.Rows = plan.New
	applied := time.Now()
	if plan.Rows > importRows {
		err = o.applyBeside(ctx, s, to, func() error { return applyPlan(ctx, s, plan, kept.ID) })
	} else {
		err = applyPlan(ctx, s, plan, kept.ID)
	}
	o.Took, o.Part = time.Since(began), time.Since(applied)*importRows/time.Duration(max(plan.Rows, 1))
	return o, err
}

func applyPlan(ctx context.Context, s registry.Session, p *workbook.Plan, id uint64) error {
	_, err := workbook.Apply(ctx, s, p, id)
	return err
}

// applyBeside applies a plan while faults are reported.
func (o *outcome) applyBeside(ctx context.Context, s registry.Session, to fleet.PlaceCode, apply func() error) error {
	r, err := reportBeside(ctx, s, to)
	if err != nil {
		return err
	}
	err = apply()
	var failed error
	o.Fault, failed = r.stop()
	return errors.Join(err, failed)
}

func readOnce(ctx context.Context, l *lab, list string, rows int, all *outcomes) error {
	o, err := l.child(ctx, "excelize", list)
	if err == nil && o.Rows != rows+1 {
		err = fmt.Errorf("excelize read %d rows, not %d", o.Rows, rows+1)
	}
	*all = append(*all, o)
	return err
}

// readFile is the child that reads a workbook with excelize alone, in the
// fastest way there is that keeps to a bound of memory: rows as a stream, values
// as they are stored.
func readFile(_ context.Context, args []string) (o outcome, err error) {
	return readByExcelize(args[0], excelize.Options{RawCellValue: true})
}

// readFormatted is the child that reads it as excelize does unless told otherwise:
// values as a person would see them.
func readFormatted(_ context.Context, args []string) (o outcome, err error) {
	return readByExcelize(args[0], excelize.Options{})
}

func readByExcelize(file string, as excelize.Options) (o outcome, err error) {
	began := time.Now()
	x, err := excelize.OpenFile(file, as)
	if err != nil {
		return o, err
	}
	defer func() { err = errors.Join(err, x.Close()) }()
	rows, err := x.Rows("Sheet1")
	if err != nil {
		return o, err
	}
	for rows.Next() {
		cells, err := rows.Columns()
		if err != nil {
			return o, err
		}
		if strings.Join(cells, "") != "" {
			o.Rows++
		}
	}
	o.Took = time.Since(began)
	return o, errors.Join(rows.Error(), rows.Close())
}
