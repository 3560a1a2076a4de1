package registry

import (
	"math"
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

var devices = &table.Table[fleet.Device]{
	Name:    "device",
	Codec:   deviceCodec,
	Key:     func(d *fleet.Device) uint64 { return uint64(d.ID) },
	Version: func(d *fleet.Device) *uint32 { return &d.Version },
	Indexes: []table.Index[fleet.Device]{
		{Name: "by_serial", Parts: "serial", Unique: true, Of: func(d *fleet.Device, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(string(d.Serial)))
		}},
		{Name: "by_tag", Parts: "tag, when there is one", Unique: true, Of: func(d *fleet.Device, key kv.Tuple, emit func(kv.Tuple)) {
			if d.Tag != "" {
				emit(key.Str(string(d.Tag)))
			}
		}},
		{Name: "by_learner", Parts: "mark of the learner's ID, when one was given", Of: func(d *fleet.Device, key kv.Tuple, emit func(kv.Tuple)) {
			if d.Holder.Mark != "" {
				emit(key.Str(string(d.Holder.Mark)))
			}
		}},
		{Name: "by_place", Parts: "place", Of: func(d *fleet.Device, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(string(d.Place)))
		}},
		{Name: "by_status", Parts: "status, place", Of: func(d *fleet.Device, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Uint(uint64(d.Status)).Str(string(d.Place)))
		}},
		{Name: "by_condition", Parts: "condition unless ok, place", Of: func(d *fleet.Device, key kv.Tuple, emit func(kv.Tuple)) {
			if d.Condition != fleet.OK {
				emit(key.Uint(uint64(d.Condition)).Str(string(d.Place)))
			}
		}},
		{Name: "by_shipment", Parts: "shipment, arrival", Of: func(d *fleet.Device, key kv.Tuple, emit func(kv.Tuple)) {
			if d.Shipment != 0 {
				emit(key.Uint(uint64(d.Shipment)).Uint(uint64(d.Arrival)))
			}
		}},
	},
	Counts: []table.Count[fleet.Device]{
		{
			Name: "status_at", Scope: "depth, place at each level", Dims: "status, condition, model", Daily: true,
			Of: func(d *fleet.Device, emit func(scope, dims kv.Tuple)) {
				var buf [24]byte
				dims := kv.Tuple(buf[:0]).Uint(uint64(d.Status)).Uint(uint64(d.Condition)).Uint(uint64(d.Model))
				eachLevel(d.Place, dims, emit)
			},
		},
		{
			Name: "shipment_at", Scope: "depth, place at each level", Dims: "shipment, status, arrival", Daily: true,
			Of: func(d *fleet.Device, emit func(scope, dims kv.Tuple)) {
				if d.Shipment != 0 {
					var buf [24]byte
					dims := kv.Tuple(buf[:0]).Uint(uint64(d.Shipment)).Uint(uint64(d.Status)).Uint(uint64(d.Arrival))
					eachLevel(d.Place, dims, emit)
				}
			},
		},
	},
}

var places = &table.Table[fleet.Place]{
	Name:    "place",
	Codec:   table.CBOR[fleet.Place](),
	Key:     func(p *fleet.Place) uint64 { return uint64(p.ID()) },
	Version: func(p *fleet.Place) *uint32 { return &p.Version },
	Indexes: []table.Index[fleet.Place]{
		{Name: "by_code", Parts: "code in upper case", Unique: true, Of: func(p *fleet.Place, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(strings.ToUpper(string(p.Code))))
		}},
		{Name: "by_emis", Parts: "EMIS code", Of: func(p *fleet.Place, key kv.Tuple, emit func(kv.Tuple)) {
			if p.EMIS != "" {
				emit(key.Str(strings.ToUpper(p.EMIS)))
			}
		}},
		{Name: "by_name", Parts: "each folded name and alias", Of: func(p *fleet.Place, key kv.Tuple, emit func(kv.Tuple)) {
			for _, name := range FoldedNames(p) {
				emit(key.Clone().Str(name))
			}
		}},
		{Name: "by_parent", Parts: "parent", Of: func(p *fleet.Place, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(string(p.Path.Parent())))
		}},
		{Name: "by_path", Parts: "place", Of: func(p *fleet.Place, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(string(p.Path)))
		}},
		{Name: "by_word", Parts: "each folded word of its names", Of: func(p *fleet.Place, key kv.Tuple, emit func(kv.Tuple)) {
			for _, word := range placeWords(p) {
				emit(key.Clone().Str(word))
			}
		}},
	},
	Counts: []table.Count[fleet.Place]{
		{Name: "kind_at", Scope: "depth, place at each level", Dims: "kind, state", Of: func(p *fleet.Place, emit func(scope, dims kv.Tuple)) {
			eachLevel(p.Path, kv.Tuple(nil).Uint(uint64(p.Kind)).Uint(uint64(p.State)), emit)
		}},
	},
}

var models = &table.Table[fleet.Model]{
	Name:    "model",
	Codec:   table.CBOR[fleet.Model](),
	Key:     func(m *fleet.Model) uint64 { return uint64(m.ID) },
	Version: func(m *fleet.Model) *uint32 { return &m.Version },
	Indexes: []table.Index[fleet.Model]{
		{Name: "by_name", Parts: "folded name", Unique: true, Of: func(m *fleet.Model, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(Fold(m.Name)))
		}},
	},
}

var shipments = &table.Table[fleet.Shipment]{
	Name:    "shipment",
	Codec:   table.CBOR[fleet.Shipment](),
	Key:     func(s *fleet.Shipment) uint64 { return uint64(s.ID) },
	Version: func(s *fleet.Shipment) *uint32 { return &s.Version },
	Indexes: []table.Index[fleet.Shipment]{
		{Name: "by_number", Parts: "number", Unique: true, Of: func(s *fleet.Shipment, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(s.Number))
		}},
	},
}

var faults = &table.Table[fleet.Fault]{
	Name:    "fault",
	Codec:   table.CBOR[fleet.Fault](),
	Key:     func(f *fleet.Fault) uint64 { return uint64(f.ID) },
	Version: func(f *fleet.Fault) *uint32 { return &f.Version },
	Indexes: []table.Index[fleet.Fault]{
		{Name: "by_ref", Parts: "reference", Unique: true, Of: func(f *fleet.Fault, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(f.Ref))
		}},
		{Name: "by_device", Parts: "device", Of: func(f *fleet.Fault, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Uint(uint64(f.Device)))
		}},
		{Name: "newest_at", Parts: "place at each level, newest first", Of: func(f *fleet.Fault, key kv.Tuple, emit func(kv.Tuple)) {
			for depth := range f.Place.Depth() {
				emit(key.Clone().Str(string(f.Place.At(depth + 1))).Uint(math.MaxUint64 - uint64(f.ID)))
			}
		}},
		{Name: "open_at", Parts: "place at each level, oldest first, while open", Of: func(f *fleet.Fault, key kv.Tuple, emit func(kv.Tuple)) {
			if !f.Open() {
				return
			}
			for depth := range f.Place.Depth() {
				emit(key.Clone().Str(string(f.Place.At(depth + 1))))
			}
		}},
	},
	Counts: []table.Count[fleet.Fault]{
		{
			Name: "state_at", Scope: "depth, place at each level", Dims: "category, state", Daily: true,
			Of: func(f *fleet.Fault, emit func(scope, dims kv.Tuple)) {
				eachLevel(f.Place, kv.Tuple(nil).Uint(uint64(f.Category)).Uint(uint64(f.State)), emit)
			},
		},
	},
}

var users = &table.Table[fleet.User]{
	Name:    "user",
	Codec:   table.CBOR[fleet.User](),
	Key:     func(u *fleet.User) uint64 { return uint64(u.ID) },
	Version: func(u *fleet.User) *uint32 { return &u.Version },
	Sealed:  true,
	Indexes: []table.Index[fleet.User]{
		{Name: "by_name", Parts: "name", Unique: true, Of: func(u *fleet.User, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(u.Name))
		}},
		{Name: "by_identity", Parts: "issuer, subject", Unique: true, Of: func(u *fleet.User, key kv.Tuple, emit func(kv.Tuple)) {
			if i := u.Identity; i != nil {
				emit(key.Str(i.Issuer).Str(i.Subject))
			}
		}},
		{Name: "people", Parts: "those that are no school's", Of: func(u *fleet.User, key kv.Tuple, emit func(kv.Tuple)) {
			if u.School == 0 {
				emit(key)
			}
		}},
		{Name: "by_school", Parts: "school, of those that are a school's", Unique: true, Of: func(u *fleet.User, key kv.Tuple, emit func(kv.Tuple)) {
			if u.School != 0 {
				emit(key.Uint(uint64(u.School)))
			}
		}},
	},
}

var tokens = &table.Table[fleet.Token]{
	Name:    "token",
	Codec:   table.CBOR[fleet.Token](),
	Key:     func(t *fleet.Token) uint64 { return t.ID },
	Version: func(t *fleet.Token) *uint32 { return &t.Version },
	Sealed:  true,
	Indexes: []table.Index[fleet.Token]{
		{Name: "by_hash", Parts: "SHA-256 of the secret", Unique: true, Of: func(t *fleet.Token, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(string(t.Hash)))
		}},
		{Name: "by_user", Parts: "user, kind", Of: func(t *fleet.Token, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Uint(uint64(t.User)).Uint(uint64(t.Kind)))
		}},
		{Name: "for_programs", Parts: "user, of API tokens and feed keys", Of: func(t *fleet.Token, key kv.Tuple, emit func(kv.Tuple)) {
			if t.Kind.ForPrograms() {
				emit(key.Uint(uint64(t.User)))
			}
		}},
		{Name: "by_end", Parts: "when it ends or ended", Of: func(t *fleet.Token, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Uint(uint64(max(t.End(), 0))))
		}},
	},
}

var imports = &table.Table[Import]{
	Name:    "import",
	Codec:   table.CBOR[Import](),
	Key:     func(i *Import) uint64 { return i.ID },
	Version: func(i *Import) *uint32 { return &i.Version },
	Indexes: []table.Index[Import]{
		{Name: "by_file", Parts: "SHA-256 of the file", Of: func(i *Import, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(i.SHA256))
		}},
		{Name: "newest", Parts: "newest first", Of: func(i *Import, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Uint(math.MaxUint64 - i.ID))
		}},
		{Name: "newest_of", Parts: "user, newest first", Of: func(i *Import, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Uint(uint64(i.User)).Uint(math.MaxUint64 - i.ID))
		}},
	},
}

var layouts = &table.Table[Layout]{
	Name:    "layout",
	Codec:   table.CBOR[Layout](),
	Key:     func(l *Layout) uint64 { return l.ID },
	Version: func(l *Layout) *uint32 { return &l.Version },
	Indexes: []table.Index[Layout]{
		{Name: "by_names", Parts: "place, kind of list, names of the columns", Unique: true, Of: func(l *Layout, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(string(l.Scope)).Str(l.Kind).Str(l.Names))
		}},
	},
}

var importedRows = &table.Table[importRows]{
	Name:    "import_rows",
	Codec:   table.CBOR[importRows](),
	Key:     func(r *importRows) uint64 { return r.ID },
	Version: func(r *importRows) *uint32 { return &r.Version },
	Sealed:  true, // the journal need not hold each list once more
	Indexes: []table.Index[importRows]{
		{Name: "by_import", Parts: "import", Of: func(r *importRows, key kv.Tuple, emit func(kv.Tuple)) {
			if !r.Undone {
				emit(key.Uint(r.Import))
			}
		}},
		{Name: "kept_by_undo", Parts: "import, of what undoing it left", Of: func(r *importRows, key kv.Tuple, emit func(kv.Tuple)) {
			if r.Undone {
				emit(key.Uint(r.Import))
			}
		}},
	},
}

var targets = &table.Table[fleet.Target]{
	Name:    "target",
	Codec:   table.CBOR[fleet.Target](),
	Key:     func(t *fleet.Target) uint64 { return uint64(t.ID) },
	Version: func(t *fleet.Target) *uint32 { return &t.Version },
	Indexes: []table.Index[fleet.Target]{
		{Name: "by_place", Parts: "place, day", Unique: true, Of: func(t *fleet.Target, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(string(t.Place)).Uint(uint64(max(t.By, 0))))
		}},
	},
}

var stockTakes = &table.Table[fleet.StockTake]{
	Name:    "stock_take",
	Codec:   table.CBOR[fleet.StockTake](),
	Key:     func(s *fleet.StockTake) uint64 { return uint64(s.ID) },
	Version: func(s *fleet.StockTake) *uint32 { return &s.Version },
	Indexes: []table.Index[fleet.StockTake]{
		{Name: "newest_at", Parts: "place, newest day first", Unique: true, Of: func(s *fleet.StockTake, key kv.Tuple, emit func(kv.Tuple)) {
			emit(key.Str(string(s.Place)).Uint(math.MaxUint64 - uint64(max(s.Date, 0))))
		}},
	},
}

// tables lists every table. The journal names a table by its position here,
// counted from one, so the order is for ever: add at the end.
var tables = []table.Any{devices, places, models, shipments, faults, users, tokens, imports, layouts, importedRows, targets, stockTakes}

// tableCode is the number by which the journal knows a table.
func tableCode(name string) uint64 {
	for i, t := range tables {
		if t.TableName() == name {
			return uint64(i) + 1
		}
	}
	panic("registry: no table " + name)
}

// eachLevel emits dims once for every place on the path, with the place's depth
// first, so that the children of one place stand side by side.
func eachLevel(p fleet.Path, dims kv.Tuple, emit func(scope, dims kv.Tuple)) {
	var buf [32]byte
	for depth := 1; depth <= p.Depth(); depth++ {
		emit(atPlace(buf[:0], p.At(depth)), dims)
	}
}

// atPlace is the scope of a counter for one place.
func atPlace(buf kv.Tuple, p fleet.Path) kv.Tuple {
	return buf.Uint(uint64(p.Depth())).Str(string(p))
}

// childrenOf is the common prefix of the scopes of all places directly below p.
func childrenOf(buf kv.Tuple, p fleet.Path) kv.Tuple {
	return buf.Uint(uint64(p.Depth() + 1)).Open(string(p))
}
