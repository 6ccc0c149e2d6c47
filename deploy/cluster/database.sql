-- Once, through HAProxy as postgres: the database and its user.
CREATE ROLE sedia LOGIN PASSWORD '@SEDIA_PASSWORD@';
CREATE DATABASE sedia OWNER sedia;
