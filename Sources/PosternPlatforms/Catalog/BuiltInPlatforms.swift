internal import CPosternFiles

/// The definitions compiled into the program: one of the two places of this target that read C memory.
enum BuiltInPlatforms {
    /// All of them, sorted by name.
    static let files: [PlatformFile] = (0..<postern_platform_count).map { index in
        // The table is constant: its names end with a zero, and each length is that of the bytes beside it.
        let file = unsafe postern_platform(index)
        let name = unsafe String(cString: file.name)
        let text = unsafe String(decoding: UnsafeBufferPointer(start: file.bytes, count: file.length), as: UTF8.self)
        return PlatformFile(folder: name, path: "Platforms/\(name)/platform.yaml", text: text)
    }
}
