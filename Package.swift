// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "postern",
    products: [
        .executable(name: "postern", targets: ["postern"]),
        .executable(name: "postern-load", targets: ["postern-load"]),
    ],
    // Exact versions: the build resolves offline and there is no Package.resolved to hold them.
    dependencies: [
        .package(url: "https://github.com/HdrHistogram/hdrhistogram-swift", exact: "0.2.0"),
        .package(url: "https://github.com/apple/swift-nio", exact: "2.101.2"),
        .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections", exact: "1.6.0"),
        .package(url: "https://github.com/apple/swift-configuration", exact: "1.4.0", traits: ["YAML"]),
        .package(url: "https://github.com/apple/swift-log", exact: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics", exact: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio-ssl", exact: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system", exact: "1.8.1"),
        .package(url: "https://github.com/jpsim/Yams", exact: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client", exact: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", exact: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", exact: "1.0.2"),
    ],
    targets: [
        // Floor 0: C
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .systemLibrary(name: "COpenSSL", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
        .systemLibrary(name: "CHiredis", providers: [.apt(["libhiredis-dev"])]),
        .target(name: "CPosternFiles"),
        // Floor 1: words
        .target(name: "PosternModel"),
        .target(name: "PosternJSON"),
        // Floor 2: crafts
        .target(name: "PosternCrypto", dependencies: ["COpenSSL", "PosternModel"]),
        .target(name: "PosternPostgres", dependencies: ["CPostgres", "PosternModel", .logging]),
        .target(name: "PosternHTTP", dependencies: ["PosternModel", .nioCore, .nioPosix, .nioHTTP1, .logging]),
        .target(name: "PosternLimits", dependencies: ["PosternModel"], exclude: ["README.md"]),
        .target(name: "PosternRedis", dependencies: ["CHiredis", "PosternModel"]),
        .target(name: "PosternTelemetry", dependencies: ["PosternModel", .logging, .metrics]),
        // Floor 3: knowledge
        .target(
            name: "PosternPlatforms",
            dependencies: ["CPosternFiles", "PosternCrypto", "PosternJSON", "PosternModel", .yams]
        ),
        .target(
            name: "PosternStore",
            dependencies: [
                "CPosternFiles", "PosternCrypto", "PosternJSON", "PosternModel", "PosternPostgres", .logging,
            ],
            exclude: ["Migrations", "README.md"]
        ),
        .target(
            name: "PosternOutbound",
            dependencies: [
                "PosternCrypto", "PosternHTTP", "PosternJSON", "PosternModel", .asyncHTTPClient, .logging, .nioCore,
                .nioHTTP1, .nioPosix, .nioSSL,
            ],
            exclude: ["README.md"]
        ),
        // Floor 4: acts of an operator
        .target(
            name: "PosternOperations",
            dependencies: [
                "PosternCrypto", "PosternJSON", "PosternModel", "PosternOutbound", "PosternPlatforms",
                "PosternPostgres",
                "PosternStore", "PosternTelemetry", .lifecycle, .logging, .subprocess,
            ]
        ),
        // Floor 5: processes
        .target(
            name: "PosternGateway",
            dependencies: [
                "PosternCrypto", "PosternHTTP", "PosternJSON", "PosternLimits", "PosternModel", "PosternPlatforms",
                "PosternPostgres", "PosternRedis", "PosternStore", "PosternTelemetry", .lifecycle, .logging, .metrics,
                .nioConcurrency, .nioCore, .nioHTTP1, .nioPosix,
            ],
            exclude: ["README.md"]
        ),
        .target(
            name: "PosternConsumer",
            dependencies: [
                "PosternCrypto", "PosternJSON", "PosternLimits", "PosternModel", "PosternOperations", "PosternOutbound",
                "PosternPlatforms", "PosternPostgres", "PosternStore", "PosternTelemetry", .deque, .lifecycle, .logging,
            ],
            exclude: ["README.md"]
        ),
        .target(
            name: "PosternStatus",
            dependencies: [
                "PosternHTTP", "PosternJSON", "PosternModel", "PosternPostgres", "PosternStore", "PosternTelemetry",
                .lifecycle, .logging, .nioCore, .nioHTTP1, .nioPosix,
            ]
        ),
        // Floor 6: settings
        .target(
            name: "PosternSettings",
            dependencies: [
                "PosternConsumer", "PosternGateway", "PosternHTTP", "PosternOutbound", "PosternRedis", "PosternStatus",
                .configuration,
                .nioCore, .system,
            ]
        ),
        // Floor 7: composition
        .target(
            name: "PosternCLI",
            dependencies: [
                "PosternConsumer", "PosternCrypto", "PosternGateway", "PosternJSON", "PosternLimits", "PosternModel",
                "PosternOperations", "PosternOutbound",
                "PosternPlatforms", "PosternPostgres", "PosternHTTP", "PosternSettings", "PosternStatus",
                "PosternStore", "PosternTelemetry",
                .argumentParser, .asyncHTTPClient, .lifecycle, .logging, .nioCore, .nioHTTP1, .nioPosix, .signals,
                .subprocess, .system,
            ]
        ),
        .executableTarget(name: "postern", dependencies: ["PosternCLI", "PosternCrypto", .argumentParser]),
        // Beside the floors: the load generator
        .target(
            name: "PosternLoad",
            dependencies: [
                "PosternHTTP", "PosternJSON", "PosternModel", "PosternPlatforms", .argumentParser, .histogram, .nioCore,
                .nioHTTP1, .nioPosix, .signals, .system,
            ],
            exclude: ["README.md"]
        ),
        .executableTarget(name: "postern-load", dependencies: ["PosternLoad"]),
        // Tests
        .target(
            name: "PosternTesting",
            dependencies: ["PosternModel", "PosternPostgres", .logging, .nioCore, .nioHTTP1, .nioPosix]
        ),
        .testTarget(name: "PosternModelTests", dependencies: ["PosternModel"]),
        .testTarget(name: "PosternJSONTests", dependencies: ["PosternJSON"]),
        .testTarget(name: "PosternCryptoTests", dependencies: ["PosternCrypto", "PosternModel"]),
        .testTarget(
            name: "PosternPostgresTests",
            dependencies: ["PosternModel", "PosternPostgres", "PosternTesting", .logging]
        ),
        .testTarget(
            name: "PosternHTTPTests",
            dependencies: ["PosternHTTP", .nioCore, .nioEmbedded, .nioHTTP1, .nioPosix]
        ),
        .testTarget(name: "PosternLimitsTests", dependencies: ["PosternLimits", "PosternModel"]),
        .testTarget(
            name: "PosternOutboundTests",
            dependencies: [
                "PosternCrypto", "PosternHTTP", "PosternJSON", "PosternModel", "PosternOutbound", "PosternTesting",
                .logging, .nioCore, .nioHTTP1, .nioPosix, .nioSSL, .subprocess,
            ]
        ),
        .testTarget(name: "PosternRedisTests", dependencies: ["PosternModel", "PosternRedis", "PosternTesting"]),
        .testTarget(
            name: "PosternTelemetryTests",
            dependencies: ["PosternModel", "PosternTelemetry", .logging, .metrics]
        ),
        .testTarget(
            name: "PosternPlatformsTests",
            dependencies: ["PosternCrypto", "PosternJSON", "PosternModel", "PosternPlatforms"],
            exclude: ["Fixtures"]
        ),
        .testTarget(
            name: "PosternStoreTests",
            dependencies: [
                "PosternCrypto", "PosternModel", "PosternPostgres", "PosternStore", "PosternTesting", .logging,
            ]
        ),
        .testTarget(
            name: "PosternOperationsTests",
            dependencies: [
                "PosternCrypto", "PosternJSON", "PosternModel", "PosternOperations", "PosternOutbound",
                "PosternPlatforms", "PosternPostgres", "PosternStore", "PosternTesting", .logging,
            ]
        ),
        .testTarget(
            name: "PosternGatewayTests",
            dependencies: [
                "PosternGateway", "PosternHTTP", "PosternJSON", "PosternLimits", "PosternModel", "PosternPlatforms",
                "PosternPostgres", "PosternRedis", "PosternStore", "PosternTelemetry", "PosternTesting", .logging,
                .nioCore,
            ]
        ),
        .testTarget(
            name: "PosternConsumerTests",
            dependencies: [
                "PosternConsumer", "PosternCrypto", "PosternLimits", "PosternModel", "PosternOutbound",
                "PosternPlatforms", "PosternPostgres", "PosternStore", "PosternTesting", .logging,
            ]
        ),
        .testTarget(
            name: "PosternStatusTests",
            dependencies: [
                "PosternModel", "PosternPostgres", "PosternStatus", "PosternStore", "PosternTesting", .logging,
            ]
        ),
        .testTarget(
            name: "PosternLoadTests",
            dependencies: [
                "PosternJSON", "PosternLoad", "PosternModel", "PosternPlatforms", "PosternTesting", .argumentParser,
                .histogram, .nioCore, .nioEmbedded,
            ]
        ),
        .testTarget(
            name: "PosternScenarioTests",
            dependencies: [
                "PosternCrypto", "PosternModel", "PosternPostgres", "PosternTesting", .logging, .subprocess,
            ],
            exclude: ["Fixtures"]
        ),
    ],
    swiftLanguageModes: [.v6],
    cLanguageStandard: .gnu2x  // for #embed
)

extension Target.Dependency {
    static let asyncHTTPClient: Self = .product(name: "AsyncHTTPClient", package: "async-http-client")
    static let argumentParser: Self = .product(name: "ArgumentParser", package: "swift-argument-parser")
    static let configuration: Self = .product(name: "Configuration", package: "swift-configuration")
    static let deque: Self = .product(name: "DequeModule", package: "swift-collections")
    static let histogram: Self = .product(name: "Histogram", package: "hdrhistogram-swift")
    static let lifecycle: Self = .product(name: "ServiceLifecycle", package: "swift-service-lifecycle")
    static let logging: Self = .product(name: "Logging", package: "swift-log")
    static let metrics: Self = .product(name: "Metrics", package: "swift-metrics")
    static let nioConcurrency: Self = .product(name: "NIOConcurrencyHelpers", package: "swift-nio")
    static let nioCore: Self = .product(name: "NIOCore", package: "swift-nio")
    static let nioEmbedded: Self = .product(name: "NIOEmbedded", package: "swift-nio")
    static let nioHTTP1: Self = .product(name: "NIOHTTP1", package: "swift-nio")
    static let nioPosix: Self = .product(name: "NIOPosix", package: "swift-nio")
    static let nioSSL: Self = .product(name: "NIOSSL", package: "swift-nio-ssl")
    static let subprocess: Self = .product(name: "Subprocess", package: "swift-subprocess")
    static let signals: Self = .product(name: "UnixSignals", package: "swift-service-lifecycle")
    static let system: Self = .product(name: "SystemPackage", package: "swift-system")
    static let yams: Self = .product(name: "Yams", package: "Yams")
}

// Beside the floors, when the environment asks for them: a normal build neither resolves nor builds any of this.

if Context.environment["POSTERN_BENCHMARKS"] != nil {
    // Without its traits the package needs no others of its maker, which count allocations; LoadTests/instructions does.
    package.dependencies.append(.package(url: "https://github.com/ordo-one/benchmark", exact: "1.38.1", traits: []))
    package.targets += [
        .target(
            name: "PosternCases",
            dependencies: [
                "PosternConsumer", "PosternCrypto", "PosternGateway", "PosternHTTP", "PosternJSON", "PosternLimits",
                "PosternLoad", "PosternModel", "PosternPlatforms", "PosternPostgres", "PosternStore",
                "PosternTelemetry", .logging, .metrics, .nioCore, .nioEmbedded, .nioHTTP1,
            ],
            path: "LoadTests/Cases/PosternCases"
        ),
        .executableTarget(name: "postern-cases", dependencies: ["PosternCases"], path: "LoadTests/Cases/postern-cases"),
        // The package finds its targets by the name of the folder above them.
        .executableTarget(
            name: "PosternBenchmarks",
            dependencies: ["PosternCases", .product(name: "Benchmark", package: "benchmark")],
            path: "LoadTests/Benchmarks/PosternBenchmarks",
            plugins: [.plugin(name: "BenchmarkPlugin", package: "benchmark")]
        ),
    ]
}

if Context.environment["POSTERN_FUZZ"] != nil {
    // libFuzzer has the entry point of the program, so that there is none in the sources.
    package.targets.append(
        .executableTarget(
            name: "postern-fuzz",
            dependencies: [
                "PosternConsumer", "PosternCrypto", "PosternGateway", "PosternHTTP", "PosternJSON", "PosternModel",
                "PosternOutbound", "PosternPlatforms", "PosternStore", .nioCore, .nioEmbedded, .nioHTTP1,
            ],
            path: "LoadTests/Fuzz/postern-fuzz",
            swiftSettings: [.unsafeFlags(["-parse-as-library"])]
        )
    )
}

for target in package.targets where target.type != .system {
    target.swiftSettings =
        (target.swiftSettings ?? []) + [
            .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("InternalImportsByDefault"),
            .enableUpcomingFeature("MemberImportVisibility"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
            .strictMemorySafety(), .treatAllWarnings(as: .error),
        ]
}
