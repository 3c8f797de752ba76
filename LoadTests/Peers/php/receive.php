<?php
// The webhook gateway a team would write in PHP: nginx in front, FPM behind it, a persistent PDO connection per worker.
//
// It proves GitHub's signature over the exact body, commits the delivery by one INSERT, and only then answers 200.
declare(strict_types=1);

const ORGANIZATION = '01920000-0000-7000-8000-000000000001';
const ENDPOINT = '01920000-0000-7000-8000-000000000002';

/** A UUID of version 7: milliseconds since 1970, then random bits. */
function identifier(): string
{
    $bits = bin2hex(random_bytes(10));
    $time = sprintf('%012x', (int) (microtime(true) * 1000));
    return substr($time, 0, 8) . '-' . substr($time, 8) . '-7' . substr($bits, 0, 3)
        . '-' . dechex(8 + (hexdec($bits[3]) & 3)) . substr($bits, 4, 3) . '-' . substr($bits, 7, 12);
}

/** The header as "Name: value" lines. */
function header_lines(): string
{
    $lines = '';
    foreach (getallheaders() as $name => $value) {
        $lines .= "$name: $value\n";
    }
    return $lines;
}

$body = file_get_contents('php://input');
$expected = 'sha256=' . hash_hmac('sha256', $body, getenv('PEER_SECRET'));
if (!hash_equals($expected, $_SERVER['HTTP_X_HUB_SIGNATURE_256'] ?? '')) {
    http_response_code(401);
    return;
}
try {
    $database = new PDO(getenv('PEER_PDO'), null, null, [
        PDO::ATTR_PERSISTENT => true,
        PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION,
        // A statement prepared in one request is gone in the next: parameters sent along take one round trip, not three.
        PDO::PGSQL_ATTR_DISABLE_PREPARES => true,
    ]);
    $insert = $database->prepare(
        'INSERT INTO deliveries (id, org_id, endpoint_id, platform, headers, body) VALUES (?, ?, ?, ?, ?, ?)'
    );
    $insert->bindValue(1, identifier());
    $insert->bindValue(2, ORGANIZATION);
    $insert->bindValue(3, ENDPOINT);
    $insert->bindValue(4, 'github');
    // As large objects they travel in binary form.
    $insert->bindValue(5, header_lines(), PDO::PARAM_LOB);
    $insert->bindValue(6, $body, PDO::PARAM_LOB);
    $insert->execute();
} catch (PDOException $failure) {
    error_log($failure->getMessage());
    http_response_code(503);
    header('Retry-After: 1');
}
