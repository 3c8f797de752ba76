// Command copy measures the raw limit of a PostgreSQL: rows like a gateway's, by COPY in binary form, as fast as it
// takes them. The rows are made beforehand; only their identifiers change, so that this program is never what limits.
//
//	PEER_DATABASE  conninfo of PostgreSQL
//	copy -connections 2 -rows 4096 -headers 300 -body 1024 -seconds 8
//
// It prints {"rows": …, "seconds": …}.
package main

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"flag"
	"log"
	"math/rand"
	"os"
	"time"

	"github.com/jackc/pgconn"
)

const statement = `COPY deliveries (id, org_id, endpoint_id, platform, headers, body) FROM STDIN (FORMAT binary)`

func main() {
	connections := flag.Int("connections", 1, "how many copy at the same time")
	rows := flag.Int("rows", 256, "rows in one COPY, which is one transaction")
	headers := flag.Int("headers", 300, "bytes of header lines in each row")
	body := flag.Int("body", 1024, "bytes of body in each row")
	seconds := flag.Float64("seconds", 8, "how long")
	flag.Parse()
	began := time.Now()
	end := began.Add(time.Duration(*seconds * float64(time.Second)))
	counts := make(chan int)
	for number := 0; number < *connections; number++ {
		go func(seed int64) {
			count, err := copyUntil(end, newBatch(*rows, *headers, *body, seed))
			if err != nil {
				log.Fatal(err)
			}
			counts <- count
		}(time.Now().UnixNano() + int64(number))
	}
	total := 0
	for number := 0; number < *connections; number++ {
		total += <-counts
	}
	_ = json.NewEncoder(os.Stdout).Encode(map[string]any{"rows": total, "seconds": time.Since(began).Seconds()})
}

func copyUntil(end time.Time, batch *batch) (int, error) {
	ctx := context.Background()
	connection, err := pgconn.Connect(ctx, os.Getenv("PEER_DATABASE"))
	if err != nil {
		return 0, err
	}
	defer connection.Close(ctx)
	count := 0
	for time.Now().Before(end) {
		batch.identify()
		if _, err := connection.CopyFrom(ctx, bytes.NewReader(batch.bytes), statement); err != nil {
			return count, err
		}
		count += len(batch.identifiers)
	}
	return count, nil
}

// A batch is the data of one COPY and where the identifiers are in it.
type batch struct {
	bytes       []byte
	identifiers []int
	random      *rand.Rand
}

func newBatch(rows, headers, body int, seed int64) *batch {
	b := &batch{random: rand.New(rand.NewSource(seed))}
	b.bytes = append(b.bytes, "PGCOPY\n\377\r\n\000\000\000\000\000\000\000\000\000"...)
	organization, endpoint := make([]byte, 16), make([]byte, 16)
	b.random.Read(organization)
	b.random.Read(endpoint)
	line := bytes.Repeat([]byte("X-Header: value of a header field\n"), headers/34+1)[:headers]
	text := bytes.Repeat([]byte("x"), body)
	for row := 0; row < rows; row++ {
		b.bytes = append(b.bytes, 0, 6)
		b.identifiers = append(b.identifiers, len(b.bytes)+4)
		for _, value := range [][]byte{make([]byte, 16), organization, endpoint, []byte("github"), line, text} {
			var length [4]byte
			binary.BigEndian.PutUint32(length[:], uint32(len(value)))
			b.bytes = append(append(b.bytes, length[:]...), value...)
		}
	}
	b.bytes = append(b.bytes, 0xff, 0xff)
	return b
}

// identify gives every row a new UUID of version 7.
func (b *batch) identify() {
	milliseconds := uint64(time.Now().UnixMilli()) << 16
	for _, at := range b.identifiers {
		id := b.bytes[at : at+16]
		b.random.Read(id[6:])
		binary.BigEndian.PutUint64(id, milliseconds|uint64(id[6]&0x0f|0x70)<<8|uint64(id[7]))
		id[8] = id[8]&0x3f | 0x80
	}
}
