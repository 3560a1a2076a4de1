package readproc

import (
	"encoding/binary"
	"math"

	"github.com/takhti-edu/takhti/pkg/sheet"
)

// A merged block is its four sides as unsigned varints.

func appendMerge(b []byte, m sheet.Range) []byte {
	for _, side := range [...]int32{m.Top, m.Left, m.Bottom, m.Right} {
		b = binary.AppendUvarint(b, uint64(side))
	}
	return b
}

// decodeMerges adds those of a frame to merges.
func decodeMerges(merges []sheet.Range, frame []byte) ([]sheet.Range, error) {
	d := rowDecoder{rest: frame}
	for len(d.rest) > 0 {
		var sides [4]int32
		for i := range sides {
			n, err := d.number(math.MaxInt32)
			if err != nil {
				return nil, err
			}
			sides[i] = int32(n)
		}
		merges = append(merges, sheet.Range{Top: sides[0], Left: sides[1], Bottom: sides[2], Right: sides[3]})
	}
	return merges, nil
}
