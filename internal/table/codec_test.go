package table_test

import (
	"bytes"
	"encoding/hex"
	"errors"
	"reflect"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/table"
)

type everything struct {
	Text   string           `cbor:"1,keyasint"`
	Bytes  []byte           `cbor:"2,keyasint"`
	Number int64            `cbor:"3,keyasint,omitempty"`
	Float  float64          `cbor:"4,keyasint,omitempty"`
	List   []string         `cbor:"5,keyasint,omitempty"`
	Map    map[string]int64 `cbor:"6,keyasint,omitempty"`
	Moment time.Time        `cbor:"7,keyasint"`
}

func TestCBORKeepsRecords(t *testing.T) {
	codec := table.CBOR[everything]()
	rapid.Check(t, func(t *rapid.T) {
		rec := everything{
			Text:   string(rapid.SliceOf(rapid.Byte()).Draw(t, "text")), // a path need not be UTF-8
			Bytes:  rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"),
			Number: rapid.Int64().Draw(t, "number"),
			Float:  rapid.Float64().Draw(t, "float"),
			List:   rapid.SliceOfN(rapid.String(), 1, 4).Draw(t, "list"),
			Map:    rapid.MapOfN(rapid.String(), rapid.Int64(), 1, 5).Draw(t, "map"),
			Moment: time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "seconds"), rapid.Int64Range(0, 999_999_999).Draw(t, "nanoseconds")).UTC(),
		}
		data, err := codec.Append(nil, &rec)
		if err != nil {
			t.Fatal(err)
		}
		var got everything
		if err := codec.Decode(data, &got); err != nil || !reflect.DeepEqual(got, rec) {
			t.Fatalf("%+v came back as %+v, %v", rec, got, err)
		}
		again, err := codec.Append([]byte("before"), &got)
		if err != nil || string(again) != "before"+string(data) {
			t.Fatalf("encoded again: %x, %v; want %x after what was there", again, err, data)
		}
	})
}

// The bytes of stored records must never change unnoticed.
func TestCBORBytes(t *testing.T) {
	data, err := table.CBOR[slate]().Append(nil, &slate{ID: 7, Version: 1, Serial: "S1", Place: "P\xff", Words: []string{"a"}})
	if err != nil {
		t.Fatal(err)
	}
	const want = "01" + // version of the codec
		"a5" + // five fields
		"0107" + "0201" + "03425331" + "054250ff" + "07814161"
	if got := hex.EncodeToString(data); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func TestCBORTakesNilAndEmptyForTheSame(t *testing.T) {
	codec := table.CBOR[everything]()
	a, errA := codec.Append(nil, &everything{})
	b, errB := codec.Append(nil, &everything{Bytes: []byte{}, List: []string{}, Map: map[string]int64{}})
	if errA != nil || errB != nil || !bytes.Equal(a, b) {
		t.Errorf("nil gives %x, %v; empty %x, %v", a, errA, b, errB)
	}
}

func TestCBORRefuses(t *testing.T) {
	for what, data := range map[string]string{
		"nothing":                  "",
		"another version":          "02a10107",
		"a cut record":             "01a101",
		"bytes after the end":      "01a1010700",
		"the same field twice":     "01a201070108",
		"a field it does not know": "01a1186300",
		"an indefinite length":     "01bf0107ff",
		"a tag":                    "01a101c107",
		"text for a number":        "01a1014131",
	} {
		raw, err := hex.DecodeString(data)
		if err != nil {
			t.Fatal(err)
		}
		var rec slate
		if err := table.CBOR[slate]().Decode(raw, &rec); !errors.Is(err, kv.ErrCorrupt) {
			t.Errorf("%s: %v, want an error that says the data is damaged", what, err)
		}
	}
}
