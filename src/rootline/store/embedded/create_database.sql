create database rootline;
