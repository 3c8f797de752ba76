internal import Glibc

/// The memory that this program's own code takes.
///
/// Starting runs far more of it than serving does: options, definitions, the catalog, Foundation and its ICU. Those pages
/// stay with the process, two thirds of what an idle gateway has, until something asks for them to go.
enum ProgramPages {
    /// Lets go of the pages of code that the program and its libraries have touched so far; what runs next takes its own
    /// again, from the page cache.
    static func giveBack() {
        // proc(5): address-address permissions offset device inode path.
        for line in Self.maps.split(separator: UInt8(ascii: "\n")) {
            let fields = line.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
            // Code of a file: private and never written, so that it is the same there. Relocations touch data alone.
            guard fields.count >= 6, fields[1] == "r-xp", fields[5].hasPrefix("/") else { continue }
            let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
            guard bounds.count == 2, bounds[0] < bounds[1] else { continue }
            // Refused, it has cost nothing.
            _ = unsafe madvise(
                UnsafeMutableRawPointer(bitPattern: bounds[0]),
                Int(bounds[1] - bounds[0]),
                MADV_DONTNEED
            )
        }
    }

    /// What is mapped, a line each; the kernel hands it out in pieces.
    private static var maps: [UInt8] {
        let descriptor = unsafe open("/proc/self/maps", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return [] }
        defer { close(descriptor) }
        var text: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe piece.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else { return text }
            text += piece[..<count]
        }
    }
}
