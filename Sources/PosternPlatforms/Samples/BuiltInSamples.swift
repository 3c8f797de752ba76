internal import CPosternFiles
package import PosternModel

/// The sample requests compiled into the program: one of the two places of this target that read C memory.
package enum BuiltInSamples {
    /// The samples of a platform that are accepted as deliveries, sorted by name.
    package static func samples(of platform: PlatformName) -> [(name: String, request: SampleRequest)] {
        (0..<postern_sample_count).compactMap { index in
            // The table is constant: its names end with a zero, and each length is that of the bytes beside it.
            let file = unsafe postern_sample(index)
            let path = unsafe String(cString: file.name).split(separator: "/")
            guard path.count == 2, path[0] == platform.text else { return nil }
            let bytes = unsafe Array(UnsafeBufferPointer(start: file.bytes, count: file.length))
            // A test reads every one of them; a file that cannot be read is not compiled in.
            guard let request = try? SampleRequest(bytes) else { return nil }
            return (String(path[1]), request)
        }
    }
}
