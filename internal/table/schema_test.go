package table_test

import (
	"os"
	"testing"

	"github.com/takhti-edu/takhti/internal/table"
)

func TestSchemaDrawing(t *testing.T) {
	want, err := os.ReadFile("testdata/schema.txt")
	if err != nil {
		t.Fatal(err)
	}
	secrets := &table.Table[slate]{Name: "secret", Sealed: true}
	var got string
	for i, each := range []table.Any{slates(), secrets} {
		got += each.Schema()
		if each.TableName() != []string{"slate", "secret"}[i] || each.IsSealed() != (i == 1) {
			t.Errorf("table %d is %s, sealed: %v", i, each.TableName(), each.IsSealed())
		}
	}
	if got != string(want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestASealedTableKeepsNoLedger(t *testing.T) {
	defer func() {
		const want = "table: secret is sealed, so no journal could prove the ledger of made_on"
		if got := recover(); got != want {
			t.Errorf("panic %v, want %q", got, want)
		}
	}()
	secrets := &table.Table[slate]{Name: "secret", Sealed: true, Counts: []table.Count[slate]{{Name: "made_on", Daily: true}}}
	secrets.Count("made_on")
}
