package main

import (
	"bufio"
	"crypto/rand"
	"encoding/binary"
	"io"
	"sync"
	"time"
)

// Random bytes are fetched in pages: a system call for each identifier would cost more than everything else in it.
var random = struct {
	sync.Mutex
	*bufio.Reader
}{Reader: bufio.NewReaderSize(rand.Reader, 4096)}

// newID makes a UUID of version 7: milliseconds since 1970, then random bits.
func newID() (id [16]byte) {
	binary.BigEndian.PutUint64(id[:], uint64(time.Now().UnixMilli())<<16)
	random.Lock()
	_, err := io.ReadFull(random, id[6:])
	random.Unlock()
	if err != nil {
		panic(err) // the kernel's source does not fail
	}
	id[6] = id[6]&0x0f | 0x70
	id[8] = id[8]&0x3f | 0x80
	return id
}
