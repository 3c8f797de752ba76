package import PosternModel

/// All platforms this process knows: those compiled in, and those of folders an operator added.
package struct PlatformCatalog: Sendable {
    /// Sorted by name.
    package let all: [Platform]
    private let byName: [PlatformName: Platform]
    private let byAlias: [String: (platform: Platform, scheme: SchemeName)]

    /// Compiles definitions; a later one with the same name takes the place of an earlier one.
    ///
    /// - Throws: the first error in any of them, or an alias that two platforms claim.
    init(_ files: [PlatformFile]) throws(DefinitionError) {
        var byName: [PlatformName: (platform: Platform, file: PlatformFile)] = [:]
        for file in files {
            let node = try DefinitionFile.read(file.text, name: file.path)
            let platform = try Platform(definition: node)
            guard platform.name.text == file.folder else {
                throw node.error("the name \"\(platform.name)\" is not that of its folder, \"\(file.folder)\"")
            }
            byName[platform.name] = (platform, file)
        }
        var byAlias: [String: (platform: Platform, scheme: SchemeName)] = [:]
        let sorted = byName.values.sorted { $0.platform.name < $1.platform.name }
        for (platform, file) in sorted {
            for (alias, scheme) in platform.aliases {
                if let other = byAlias[alias], other.platform !== platform {
                    throw DefinitionError(
                        file: file.path,
                        line: 0,
                        reason: "the alias \"\(alias)\" belongs to \(other.platform.name) already"
                    )
                }
                byAlias[alias] = (platform, scheme)
            }
        }
        self.all = sorted.map(\.platform)
        self.byName = byName.mapValues(\.platform)
        self.byAlias = byAlias
    }

    /// Compiles the built-in definitions and those in folders of an operator.
    ///
    /// Each of the directories holds a folder with a `platform.yaml` for every platform, like `Platforms`. An operator's
    /// definition replaces a built-in one of the same name.
    ///
    /// - Throws: the first error in any of them; a folder that cannot be read is one.
    package static func load(directories: [String] = []) throws(DefinitionError) -> PlatformCatalog {
        var files = BuiltInPlatforms.files
        for directory in directories { files += try PlatformFile.read(directory: directory) }
        return try PlatformCatalog(files)
    }

    /// The platform of that name.
    package func platform(named name: PlatformName) -> Platform? { self.byName[name] }

    /// The scheme that a name from elsewhere (a test vector, an old setting) means.
    package func scheme(forAlias alias: String) -> (platform: Platform, scheme: SchemeName)? { self.byAlias[alias] }
}

extension Platform {
    /// The other names of its schemes; the platform's own, with `_` for `-`, means the first.
    fileprivate var aliases: [(alias: String, scheme: SchemeName)] {
        var aliases: [(alias: String, scheme: SchemeName)] = []
        if let first = self.schemes.first {
            aliases.append((self.name.text.split(separator: "-").joined(separator: "_"), first.name))
        }
        for scheme in self.schemes {
            for alias in scheme.aliases { aliases.append((alias, scheme.name)) }
        }
        return aliases
    }
}
