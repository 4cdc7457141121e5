package data

import (
	"fmt"

	"golang.org/x/sys/unix"
)

// Disk tells how many bytes of the disk that holds a path are free for us, and how many it has.
func Disk(path string) (free, size uint64, err error) {
	var disk unix.Statfs_t
	if err := unix.Statfs(path, &disk); err != nil {
		return 0, 0, fmt.Errorf("disk of %s: %w", path, err)
	}
	return disk.Bavail * uint64(disk.Bsize), disk.Blocks * uint64(disk.Bsize), nil
}
