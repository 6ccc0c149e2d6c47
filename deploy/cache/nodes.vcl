# The nodes of ../compose.yml, each in turn while it is well; in the place of origin.vcl.
vcl 4.1;

import directors;

probe livez {
    .url = "/livez";
    .interval = 2s;
    .timeout = 1s;
    .window = 3;
    .threshold = 2;
}

backend node1 {
    .host = "node1";
    .port = "8080";
    .probe = livez;
}

backend node2 {
    .host = "node2";
    .port = "8080";
    .probe = livez;
}

backend node3 {
    .host = "node3";
    .port = "8080";
    .probe = livez;
}

# The network of the services: the port of the cache is not open to others.
acl purgers {
    "10.0.0.0"/8;
    "172.16.0.0"/12;
    "192.168.0.0"/16;
}

sub vcl_init {
    new nodes = directors.round_robin();
    nodes.add_backend(node1);
    nodes.add_backend(node2);
    nodes.add_backend(node3);
}

sub vcl_recv {
    set req.backend_hint = nodes.backend();
}
