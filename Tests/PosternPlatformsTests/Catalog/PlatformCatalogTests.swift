import FoundationEssentials
import PosternModel
import PosternPlatforms
import Testing

@Suite struct PlatformCatalogTests {
    private static let definition = """
        version: 7
        title: Mine
        documentation: https://example.com/
        confidence: documented
        body: json
        signature:
          default:
            kind: none

        """

    /// Makes a folder of definitions, lends it, and takes it away again.
    private func withFolder(_ files: [String: String], _ body: (String) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.path + "/postern-\(UInt64.random(in: 0...UInt64.max))"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        for (name, text) in files {
            try FileManager.default.createDirectory(atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
            guard !text.isEmpty else { continue }
            try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(name)/platform.yaml"))
        }
        try body(folder)
    }

    @Test func `has every definition of the repository, as it is there`() throws {
        let folder = Fixture.root + "/Platforms"
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter {
            FileManager.default.fileExists(atPath: "\(folder)/\($0)/platform.yaml")
        }
        #expect(!names.isEmpty)
        #expect(try SharedCatalog.get().all.map(\.name.text) == names.sorted())
        // Compiled from the files themselves, the catalog is the same; so nothing stale is embedded.
        let read = try PlatformCatalog.load(directories: [folder])
        #expect(read.all.map(\.version) == (try SharedCatalog.get().all.map(\.version)))
    }

    @Test func `finds platforms by name and schemes by alias`() throws {
        let catalog = try SharedCatalog.get()
        let name = try #require(PlatformName("hubspot"))
        let platform = catalog.platform(named: name)
        #expect(platform?.title == "HubSpot")
        let legacy = catalog.scheme(forAlias: "hubspot_legacy")
        #expect(legacy?.platform === platform)
        #expect(legacy?.scheme.text == "legacy")
        #expect(catalog.scheme(forAlias: "tiktok_shop")?.scheme.text == "default")
        #expect(catalog.scheme(forAlias: "nobody") == nil)
        let absent = try #require(PlatformName("nobody"))
        #expect(catalog.platform(named: absent) == nil)
    }

    @Test func `adds and replaces definitions from a folder`() throws {
        try self.withFolder(["mine": "name: mine\n" + Self.definition, "github": "name: github\n" + Self.definition]) {
            folder in
            let catalog = try PlatformCatalog.load(directories: [folder])
            #expect(catalog.all.count == (try SharedCatalog.get().all.count) + 1)
            let mine = try #require(PlatformName("mine"))
            let github = try #require(PlatformName("github"))
            #expect(catalog.platform(named: mine)?.version == 7)
            #expect(catalog.platform(named: github)?.title == "Mine")
        }
    }

    @Test(arguments: [
        ("other", "name: mine\n", "is not that of its folder"), ("mine", "name: mine\nx: y\n", "has no field \"x\""),
        ("mine", "", "no such file"),
    ])
    func `names the file that is wrong`(folder: String, head: String, reason: String) throws {
        let text = head.isEmpty ? "" : head + Self.definition
        try self.withFolder([folder: text]) { root in
            let error = #expect(throws: DefinitionError.self) { try PlatformCatalog.load(directories: [root]) }
            #expect(error?.file == "\(root)/\(folder)/platform.yaml")
            #expect(error?.reason.contains(reason) == true, "\(error?.description ?? "")")
        }
    }

    @Test func `refuses an alias that two platforms claim`() throws {
        let text =
            "name: mine\n" + Self.definition.replacingFirst("kind: none", with: "aliases: [github]\n    kind: none")
        try self.withFolder(["mine": text]) { folder in
            let error = #expect(throws: DefinitionError.self) { try PlatformCatalog.load(directories: [folder]) }
            #expect(error?.reason == "the alias \"github\" belongs to github already")
        }
    }

    @Test func `refuses a folder it cannot read`() {
        let error = #expect(throws: DefinitionError.self) { try PlatformCatalog.load(directories: ["/nowhere/at/all"]) }
        #expect(error?.description == "/nowhere/at/all: this folder cannot be read")
    }
}
